import { formatDate } from '#messages/dates.ts'
import type { Locale } from '#messages/routing.ts'
import { type Fault, faultsUnder } from '#server/entry/action.ts'
import type { ChangeRefusal } from '#server/survey/commands/reorganise.ts'

/** Why a change cannot be, by the field it is about. */
export function changeFaults(refusal: ChangeRefusal, locale: Locale): Record<string, Fault> {
  if (refusal.kind === 'faults') {
    const { from, ...others } = refusal.faults
    // A merger's agencies are chosen in several fields: its fault stands at the second, which it lacks.
    return faultsUnder('catalogue', from === undefined ? others : { ...others, from2: from })
  }
  if (refusal.kind !== 'impossible') return { form: `catalogue.${refusal.kind}` }
  const { why } = refusal
  if (why.fault === 'past') return { on: 'catalogue.on.past' }
  if (!('day' in why)) {
    return { form: { fault: `catalogue.${why.fault}`, values: { name: why.name } } }
  }
  const values = { name: why.name, day: formatDate(locale, why.day) }
  return { on: { fault: `catalogue.on.${why.fault}`, values } }
}
