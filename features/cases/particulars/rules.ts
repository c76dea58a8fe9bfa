import type { Protection } from '#features/first-hour/rules.ts'
import type { AskedCorrection, Correction } from '#features/privacy/requests/correction-rules.ts'
import {
  FIELDS,
  type Heading,
  NOTHING_WRITTEN,
  OPEN_TEXTS,
  type OpenText,
  SEALED_TEXTS,
  type SealedText,
} from '#features/reporting/fields/rules.ts'
import { maskEmail, maskId, maskPhone, maskText } from '#lib/person/masking.ts'

/**
 * All personal data of a case, stored only sealed under the case's own key. The texts are the sealed fields of the
 * report (`FIELDS`), each '' where it was not given: any may be missing where the case comes from police's own files.
 */
export interface Particulars extends Readonly<Record<SealedText, string>> {
  readonly idKind: 'cccd' | 'passport' | null
  readonly nationalId: string
  readonly contact: Contact | null
  /** Another contact that has answered its code; it counts from `inForceAt` on (`contactsInForce`). */
  readonly secondContact?: AddedContact
  /** ISO 8601: when the first contact objected to a second one. */
  readonly contactsKeptAt?: string
  /** E.164, of the lost phone. */
  readonly phoneNumbers: readonly string[]
  /** The trusted person who sent it for its owner. */
  readonly sentBy?: { readonly name: string; readonly contact: Contact }
  /** Holds what its person said to have locked before they reported. */
  readonly secured?: readonly Protection[]
  /** The number of the record at police that the case was imported from. */
  readonly sourceNumber?: string
  /** Tells that the record names the day of the incident alone: no time of day is shown. */
  readonly incidentDayOnly?: boolean
  readonly corrected?: readonly Correction[]
}

/** Tells whether police imported the case from their own files, so that no person was given a secret for it. */
export const isImported = ({ sourceNumber }: Pick<Particulars, 'sourceNumber'>): boolean =>
  sourceNumber !== undefined

/** The particulars that a reporter gives: at least a contact. */
export type ReportedParticulars = Particulars & { readonly contact: Contact }

/** Returns sealed particulars with blank texts for the fields that the report did not have at that time. */
export const opened = <P extends Particulars>(sealed: P): P => ({ ...NOTHING_WRITTEN, ...sealed })

/** The address or number at which messages reach the citizen now that the phone is gone. */
export interface Contact {
  readonly kind: 'email' | 'phone'
  /** An e-mail address, or E.164. */
  readonly value: string
}

/** A contact that was added after sending. */
export interface AddedContact extends Contact {
  /** ISO 8601: until then the first contact can object. */
  readonly inForceAt: string
}

/** The decisions about one particular, as those about a text stand with its field (`held`). */
interface Particular<Value> {
  readonly masked: 'legible' | ((value: Value) => Value)
  readonly notice: Heading | null
  readonly register: string | null
}

const UNNAMED = { masked: 'legible', notice: null, register: null } as const
const heldOf = <N extends SealedText | OpenText>(names: readonly N[]) =>
  Object.fromEntries(names.map((name) => [name, FIELDS[name].held])) as {
    readonly [Name in N]: (typeof FIELDS)[Name]['held']
  }
const SEALED = heldOf(SEALED_TEXTS)
const OPEN = heldOf(OPEN_TEXTS)

/**
 * Every particular of a person, and how it is treated. A missing one does not compile, and an unknown field of a sealed
 * record is never shown. All of them are sealed under the case's key and erased with it, its person takes all of them along,
 * and no log has a field of that name (`log-redaction.ts`).
 */
export const PARTICULARS = {
  ...SEALED,
  idKind: UNNAMED,
  nationalId: { masked: maskId, notice: 'person', register: 'id' },
  contact: { masked: maskContact, notice: 'person', register: 'contact' },
  secondContact: {
    ...UNNAMED,
    masked: (contact) => contact && { ...contact, ...maskContact(contact) },
  },
  contactsKeptAt: UNNAMED,
  phoneNumbers: {
    masked: (numbers) => numbers.map(maskPhone),
    notice: 'phone',
    register: 'phone numbers',
  },
  sentBy: {
    ...UNNAMED,
    masked: (by) => by && { ...by, contact: maskContact(by.contact) ?? by.contact },
  },
  secured: { ...UNNAMED, notice: 'incident', register: 'what was locked' },
  sourceNumber: UNNAMED,
  incidentDayOnly: UNNAMED,
  corrected: { ...UNNAMED, masked: maskCorrections },
} as const satisfies { readonly [Name in keyof Required<Particulars>]: Particular<Particulars[Name]> }

type ParticularName = keyof typeof PARTICULARS
export const PARTICULAR_NAMES = Object.keys(PARTICULARS) as readonly ParticularName[]

/**
 * Returns a field's value in the form shown before the papers are opened; a value that says nothing of a person is
 * unchanged.
 */
export function maskField(field: string, value: string): string {
  if (field === 'contact') return maskText(value)
  const { masked: mask = 'legible' } = (PARTICULARS[field as ParticularName] ?? {}) as Partial<
    Particular<string>
  >
  return mask === 'legible' || value === '' ? value : mask(value)
}

/** Returns the corrections, with what stood there before masked as the field itself is. */
function maskCorrections(corrected: Particulars['corrected']): Particulars['corrected'] {
  return corrected?.map((one) => {
    return { ...one, before: maskField(one.field, one.before) }
  })
}

/** Everything that is held of a report, sealed or in a column, as notice, register and description of the export name it. */
export const HELD = { ...OPEN, ...PARTICULARS } as const
type HeldName = keyof typeof HELD
type Named = { [N in HeldName]: (typeof HELD)[N]['notice'] extends null ? never : N }[HeldName]

export const namedIn = (heading: Heading): readonly Named[] =>
  (Object.keys(HELD) as HeldName[]).filter((name): name is Named => HELD[name].notice === heading)

function maskContact(contact: Contact | null): Contact | null {
  if (contact === null) return null
  return { ...contact, value: contact.kind === 'phone' ? maskPhone(contact.value) : maskEmail(contact.value) }
}

/**
 * Returns particulars in the form shown before they are opened; fields that {@link PARTICULARS} does not name are left
 * out.
 */
export function masked<P extends Particulars>(p: P): P {
  return pick(p, (name) => {
    const { masked: mask } = PARTICULARS[name] as Particular<unknown>
    return mask === 'legible' ? (value) => value : mask
  })
}

/** Returns the particulars that their person takes along: all that {@link PARTICULARS} names. */
export const exported = (p: Particulars): Particulars => pick(p, () => (value) => value)

function pick<P extends Particulars>(p: P, shown: (name: ParticularName) => (value: unknown) => unknown): P {
  const kept = PARTICULAR_NAMES.flatMap((name) =>
    p[name] === undefined ? [] : [[name, shown(name)(p[name])]],
  )
  return Object.fromEntries(kept) as P
}

/** Words that came with an event: the citizen reads `message`; `reason` and `note` are for police alone. */
export interface EventWords {
  readonly message?: string
  readonly reason?: string
  readonly note?: string
  readonly correction?: AskedCorrection
}
