'use server'
import { z } from 'zod'
import { endReports } from '#features/reporting/commands/leave.ts'
import { citizenAction } from '#http/action.ts'
import { forgetReports, receiptCookies } from '#http/draft.ts'
import { endSession } from '#http/session.ts'
import { pathFor } from '#messages/paths.ts'

export const signOutAction = citizenAction({ schema: z.object({}) }, async (_input, { locale }) => {
  // What was filed at the desk stays with the officer, not with the computer.
  await endReports(await receiptCookies())
  await forgetReports()
  await endSession()
  return { to: pathFor(locale, '/sign-in') }
})
