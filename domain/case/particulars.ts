import type { Correction } from '../privacy/correction.ts'
import { NOTHING_WRITTEN, type SealedText } from '../report/fields.ts'

/**
 * Everything personal in a case. It is stored only sealed under the case's own key. The texts are those of the report's
 * fields (`FIELDS`), each '' where it was not given: any may be missing where the case comes from police's own files.
 */
export interface Particulars extends Readonly<Record<SealedText, string>> {
  readonly idKind: 'cccd' | 'passport' | null
  readonly nationalId: string
  readonly contact: Contact | null
  /** E.164, of the lost phone. */
  readonly phoneNumbers: readonly string[]
  /** The number of the record at police that the case was imported from. */
  readonly sourceNumber?: string
  /** That record names the day of the incident alone: no time of day is shown. */
  readonly incidentDayOnly?: boolean
  /** What was corrected at the person's request, the oldest first. */
  readonly corrected?: readonly Correction[]
}

/** What somebody who reports gives: at least a contact. */
export type ReportedParticulars = Particulars & { readonly contact: Contact }

/** Returns what was sealed, with blank texts for the fields that the report did not have at that time. */
export const opened = <P extends Particulars>(sealed: P): P => ({ ...NOTHING_WRITTEN, ...sealed })

/** Where messages reach the citizen now that the phone is gone. */
export interface Contact {
  readonly kind: 'email' | 'phone'
  /** An e-mail address, or E.164. */
  readonly value: string
}

/** Words that came with an event: the citizen reads `message`; `reason` and `note` are for police alone. */
export interface EventWords {
  readonly message?: string
  readonly reason?: string
  readonly note?: string
}
