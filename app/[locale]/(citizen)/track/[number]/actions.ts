'use server'
import { z } from 'zod'
import { removeFromList } from '#features/citizens/commands/list.ts'
import { citizenAction } from '#http/action.ts'
import { citizenCase } from '#http/citizen.ts'
import { pathFor } from '#messages/paths.ts'

const takeOffSchema = z.object({ caseNumber: z.string().catch('') })
/** Removes the case from the list that has it, for a person who has shown its secret. */
export const takeOffAction = citizenAction(
  { schema: takeOffSchema },
  async ({ caseNumber }, { locale, now }) => {
    const visit = await citizenCase(now)
    const isOpen = visit !== null && visit.access === 'full' && visit.number === caseNumber
    if (!isOpen) {
      return {
        to: pathFor(locale, { pathname: '/track', query: { number: caseNumber, fault: 'session_ended' } }),
      }
    }
    await removeFromList(visit.scope, visit.caseId, now)
    return { to: pathFor(locale, { pathname: '/track/[number]', params: { number: visit.number } }) }
  },
)
