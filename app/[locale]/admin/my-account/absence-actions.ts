'use server'
import { endAbsence, markAbsent } from '#features/accounts/commands/absence.ts'
import { staffAction } from '#http/staff-action.ts'
import { pathFor } from '#messages/paths.ts'
import { ABSENT, absenceFault, PRESENT } from '../absence.ts'

export const markOwnAbsenceAction = staffAction(
  { schema: ABSENT },
  async (actor, { submitKey, absentFrom: from, absentUntil: until }, { locale, now }) => {
    const marked = await markAbsent(actor, { accountId: actor.id, from, until, submitKey }, now)
    if (!marked.ok) return absenceFault(marked.error)
    return { to: pathFor(locale, { pathname: '/admin/my-account', query: { done: 'absent' } }) }
  },
)

export const endOwnAbsenceAction = staffAction({ schema: PRESENT }, async (actor, input, { locale, now }) => {
  const ended = await endAbsence(actor, input, now)
  if (!ended.ok) return absenceFault(ended.error)
  return { to: pathFor(locale, { pathname: '/admin/my-account', query: { done: 'present' } }) }
})
