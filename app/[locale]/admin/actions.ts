'use server'
import { z } from 'zod'
import { endReports } from '#features/reporting/drafts/leave-acts.ts'
import { citizenAction } from '#http/action.ts'
import { forgetReports, receiptCookies } from '#http/draft.ts'
import { endSession } from '#http/session.ts'
import { pathFor } from '#messages/paths.ts'

export const signOutAction = citizenAction({ schema: z.object({}) }, async (_input, { locale }) => {
  // Reports written at the desk belong to the officer, not to the computer.
  await endReports(await receiptCookies())
  await forgetReports()
  await endSession()
  return { to: pathFor(locale, '/sign-in') }
})
