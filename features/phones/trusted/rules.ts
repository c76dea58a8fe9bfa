import { parseContact, type TypedContactFault } from '#features/cases/contacts/rules.ts'
import type { Contact } from '#features/cases/particulars/rules.ts'
import type { Faults } from '#features/reporting/fields/reader-rules.ts'
import { keptContactFault } from '#features/reporting/steps/contact-rules.ts'
import { cleanText } from '#lib/person/text.ts'
import { addMilliseconds, DAY, type Instant } from '#lib/time.ts'

export const MOST_TRUSTED = 3

/** A person who is not confirmed within this time is removed. */
export const UNCONFIRMED_KEPT = 30 * DAY

/** How long an owner can undo a report with a code alone, and how long its secret code is shown to them. */
const UNDO_WITHIN = DAY
const SECRET_SHOWN = 7 * DAY

/** The words that an owner agrees to when confirming a person, and the version for a report's consents given on that basis. */
export const TRUST_CONSENT = { purpose: 'trusted_person', version: '2026-12-01' } as const
export const CONSENTS_BEFOREHAND = 'trusted-2026-12-01'

export interface TrustedContent {
  /** The owner's name for them. */
  readonly name: string
  readonly contact: Contact
  /** Their name for the owner, so that they know whose phones these are. */
  readonly owner: string
}

/** The sealing context of a trusted person. */
export const TRUSTED_PLACE = 'trusted-person'

const contactFault = (error: TypedContactFault) =>
  error.fault === 'empty' ? 'phones.trusted_contact' : keptContactFault(error)

/** Reads the form in which an owner names a person. The faults are keys of messages' `faults`. */
export function readTrusted(typed: Readonly<Record<string, string | undefined>>): {
  readonly value: TrustedContent | null
  readonly faults: Faults
} {
  const faults: Record<string, string> = {}
  const text = (field: 'trustedName' | 'trustedOwner') => {
    const read = cleanText(typed[field] ?? '', 40)
    const said = read.ok ? read.value.replace(/\s+/g, ' ').trim() : ''
    if (!read.ok) faults[field] = 'phones.too_long'
    else if (said === '')
      faults[field] = `phones.${field === 'trustedName' ? 'trusted_name' : 'trusted_owner'}`
    return said
  }
  const [name, owner] = [text('trustedName'), text('trustedOwner')]
  const contact = parseContact(typed.trustedContact ?? '')
  if (!contact.ok) faults.trustedContact = contactFault(contact.error)
  if (!contact.ok || Object.keys(faults).length > 0) return { value: null, faults }
  return { value: { name, contact: contact.value, owner }, faults }
}

/** A report that a trusted person has sent, as the owner's list keeps it under the phone's key. */
export interface SentFor {
  readonly caseId: string
  readonly number: string
  /** The secret code of the case: nobody but the owner has it. */
  readonly secret: string
  readonly by: { readonly id: string; readonly name: string }
  /** ISO 8601. */
  readonly at: string
  /** ISO 8601: when its owner undid it. */
  readonly undoneAt?: string
}

export const undoUntil = ({ at }: SentFor): Instant => addMilliseconds(new Date(at), UNDO_WITHIN)

export const isUndoable = (sent: SentFor, now: Instant): boolean =>
  sent.undoneAt === undefined && now < undoUntil(sent)

export const isSecretShown = ({ at }: SentFor, now: Instant): boolean =>
  now < addMilliseconds(new Date(at), SECRET_SHOWN)

/**
 * Returns the owner's contacts for a report: one of each kind, in form order. The lost phone's number is used only if there is no
 * other contact, because the person who has the phone reads its messages.
 */
export function contactsFor(
  contacts: readonly Contact[],
  lost: string | null,
): readonly [Contact, ...Contact[]] | null {
  const safe = contacts.filter(({ value }) => value !== lost)
  const from = safe.length > 0 ? safe : contacts
  const [first, ...others] = (['phone', 'email'] as const).flatMap(
    (kind) => from.find((one) => one.kind === kind) ?? [],
  )
  return first === undefined ? null : [first, ...others]
}
