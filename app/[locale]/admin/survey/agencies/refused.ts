import type { CatalogueRefusal } from '#features/agencies/changes/data.ts'
import { nameIn } from '#features/agencies/rules.ts'
import { type Fault, faultsUnder } from '#http/action.ts'
import { formatDate } from '#messages/dates.ts'
import type { Locale } from '#messages/routing.ts'

export function changeFaults(refusal: CatalogueRefusal, locale: Locale): Record<string, Fault> {
  if (refusal.kind === 'faults') {
    const { from, ...others } = refusal.faults
    // A merger's agencies are chosen in several fields: the fault is shown at the second one, which is missing.
    return faultsUnder('catalogue', from === undefined ? others : { ...others, from2: from })
  }
  if (refusal.kind !== 'impossible') return { form: `catalogue.${refusal.kind}` }
  const { why, behind } = refusal
  if (why.fault === 'past') return { on: 'catalogue.on.past' }
  const name = nameIn(locale, why.name)
  // The effect of another change is undone by withdrawing that change.
  const by = behind && { day: formatDate(locale, behind.on), basis: behind.basis }
  if (why.fault === 'before_start' || why.fault === 'answered') {
    const fault = why.fault === 'before_start' && by ? 'before_start_by' : why.fault
    const values = { name, ...by, day: formatDate(locale, why.day) }
    return { on: { fault: `catalogue.on.${fault}`, values } }
  }
  const fault = by ? `${why.fault}_by` : why.fault
  return { form: { fault: `catalogue.${fault}`, values: { name, ...by } } }
}
