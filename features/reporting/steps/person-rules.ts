import { ID_KINDS, type IdKind, parseNationalId } from '#lib/person/national-id.ts'
import type { Instant } from '#lib/time.ts'
import { type DraftFields, FieldReader, type FieldReading } from '../fields/reader-rules.ts'
import type { TextsOf } from '../fields/rules.ts'

export interface PersonAnswers extends TextsOf<'person'> {
  readonly idKind: IdKind
  readonly nationalId: string
}

export function readPerson(typed: DraftFields, now: Instant): FieldReading<PersonAnswers> {
  const form = new FieldReader(typed)
  const texts = form.texts('person')
  const idKind = form.choice('idKind', ID_KINDS)
  const nationalId = readNationalId(form, idKind, now)
  return form.done(() => idKind && nationalId && { ...texts, idKind, nationalId })
}

function readNationalId(form: FieldReader, kind: IdKind | null, now: Instant): string | null {
  const parsed = parseNationalId(kind ?? 'passport', form.text('nationalId'), now)
  // Without a kind the format cannot be checked, only whether there is a number.
  if (kind === null && !(!parsed.ok && parsed.error === 'empty')) return null
  return form.parsed('nationalId', parsed, String, kind === 'passport' ? 'passport' : 'nationalId')
}
