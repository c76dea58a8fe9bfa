import { z } from 'zod'
import type { AbsenceRefusal } from '#features/accounts/absences/acts.ts'
import type { Fault } from '#http/action.ts'
import { requiredSubmitKey } from '#http/hidden-fields.ts'
import { localDate } from '#lib/time.ts'
import { parseDay } from '#lib/written-day.ts'

/** Parses a day as sent by a date field, or as typed into a text field. */
const day = z
  .string()
  .default('')
  .transform((text, context) => {
    const read = parseDay(text)
    if (read.ok) return localDate(read.value)
    context.addIssue({ code: 'custom', message: `absence.${read.error}` })
    return z.NEVER
  })

export const ABSENT = z.object({
  submitKey: requiredSubmitKey,
  accountId: z.uuid('general.invalid'),
  absentFrom: day,
  absentUntil: day,
})
export const PRESENT = z.object({ submitKey: requiredSubmitKey, absenceId: z.uuid('general.invalid') })

export function absenceFault(refusal: AbsenceRefusal): { readonly faults: Readonly<Record<string, Fault>> } {
  if (refusal === 'forbidden') return { faults: { form: 'sign_in.not_allowed' } }
  return { faults: { absentUntil: `absence.${refusal}` } }
}
