'use server'
import { z } from 'zod'
import type { FormState } from '#domain/form-state.ts'
import { pathFor } from '#messages/paths.ts'
import { citizenAction } from '#server/entry/action.ts'
import { citizenCase } from '#server/entry/citizen.ts'
import { removeFromList } from '#server/identities/commands/list.ts'

const takeOffSchema = z.object({ caseNumber: z.string().catch('') })
const takeOff = citizenAction({ schema: takeOffSchema }, async ({ caseNumber }, { locale, now }) => {
  const visit = await citizenCase(now)
  const isOpen = visit !== null && visit.access === 'full' && visit.number === caseNumber
  if (!isOpen) {
    return {
      to: pathFor(locale, { pathname: '/track', query: { number: caseNumber, fault: 'session_ended' } }),
    }
  }
  await removeFromList(visit.scope, visit.caseId, now)
  return { to: pathFor(locale, { pathname: '/track/[number]', params: { number: visit.number } }) }
})

/** Takes the case off the list that it stands in: its secret was shown. */
export async function takeOffAction(previous: FormState, form: FormData): Promise<FormState> {
  return takeOff(previous, form)
}
