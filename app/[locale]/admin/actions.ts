'use server'
import { z } from 'zod'
import type { FormState } from '#domain/form-state.ts'
import { pathFor } from '#messages/paths.ts'
import { citizenAction } from '#server/entry/action.ts'
import { forgetReports, receiptCookies } from '#server/entry/draft.ts'
import { endSession } from '#server/entry/session.ts'
import { forgetReceipts } from '#server/reports/commands/leave.ts'

const leave = citizenAction({ schema: z.object({}) }, async (_input, { locale }) => {
  // What was filed at the desk stays with the officer, not with the computer.
  await forgetReceipts(await receiptCookies())
  await forgetReports()
  await endSession()
  return { to: pathFor(locale, '/sign-in') }
})

export async function signOutAction(previous: FormState, form: FormData): Promise<FormState> {
  return leave(previous, form)
}
