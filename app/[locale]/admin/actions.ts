'use server'
import { z } from 'zod'
import type { FormState } from '#domain/form-state.ts'
import { pathFor } from '#messages/paths.ts'
import { citizenAction } from '#server/entry/action.ts'
import { endSession } from '#server/entry/session.ts'

const leave = citizenAction({ schema: z.object({}) }, async (_input, { locale }) => {
  await endSession()
  return { to: pathFor(locale, '/sign-in') }
})

export async function signOutAction(previous: FormState, form: FormData): Promise<FormState> {
  return leave(previous, form)
}
