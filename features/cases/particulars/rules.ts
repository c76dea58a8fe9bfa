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
 * All personal data of a case, stored only sealed under the case's own key. The texts are the report's sealed fields (`FIELDS`),
 * each '' if not given; any may be missing in a case from police's own files.
 */
export interface Particulars extends Readonly<Record<SealedText, string>> {
  readonly idKind: 'cccd' | 'passport' | null
  readonly nationalId: string
  readonly contact: Contact | null
  /** Another contact that has confirmed its code; it counts from `inForceAt` on (`contactsInForce`). */
  readonly secondContact?: AddedContact
  /** ISO 8601: when the first contact objected to a second one. */
  readonly contactsKeptAt?: string
  /** Numbers of the lost phone, E.164. */
  readonly phoneNumbers: readonly string[]
  /** The trusted person who sent the report for its owner. */
  readonly sentBy?: { readonly name: string; readonly contact: Contact }
  /** The protections that the person said to have locked before the report. */
  readonly secured?: readonly Protection[]
  /** The number of the police record that the case was imported from. */
  readonly sourceNumber?: string
  /** The record gives only the day of the incident: no time of day is shown. */
  readonly incidentDayOnly?: boolean
  readonly corrected?: readonly Correction[]
}

/** Checks whether police imported the case from their own files, so that nobody has a secret for it. */
export const isImported = ({ sourceNumber }: Pick<Particulars, 'sourceNumber'>): boolean =>
  sourceNumber !== undefined

export type ReportedParticulars = Particulars & { readonly contact: Contact }

/** Fills in blank texts for fields that did not exist when the particulars were sealed. */
export const opened = <P extends Particulars>(sealed: P): P => ({ ...NOTHING_WRITTEN, ...sealed })

/** The address or number at which messages reach the citizen now that the phone is gone. */
export interface Contact {
  readonly kind: 'email' | 'phone'
  /** An e-mail address, or E.164. */
  readonly value: string
}

export interface AddedContact extends Contact {
  /** ISO 8601: until then the first contact can object. */
  readonly inForceAt: string
}

/** How one particular is treated; for a text, this is `held` of its field. */
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
 * Every particular of a person, and how it is treated. A missing one does not compile, and an unknown field of a sealed record is
 * never shown. All are sealed under the case's key, erased with it and exported for their person, and no log has a field of that
 * name (`log-redaction.ts`).
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

/** Returns a field's value as shown before the papers are opened; values that reveal nothing about a person stay unchanged. */
export function maskField(field: string, value: string): string {
  if (field === 'contact') return maskText(value)
  const { masked: mask = 'legible' } = (PARTICULARS[field as ParticularName] ?? {}) as Partial<
    Particular<string>
  >
  return mask === 'legible' || value === '' ? value : mask(value)
}

function maskCorrections(corrected: Particulars['corrected']): Particulars['corrected'] {
  return corrected?.map((one) => {
    return { ...one, before: maskField(one.field, one.before) }
  })
}

/** Everything stored about a report, sealed or in a column, as the notice, the register and the export's description name it. */
export const HELD = { ...OPEN, ...PARTICULARS } as const
type HeldName = keyof typeof HELD
type Named = { [N in HeldName]: (typeof HELD)[N]['notice'] extends null ? never : N }[HeldName]

export const namedIn = (heading: Heading): readonly Named[] =>
  (Object.keys(HELD) as HeldName[]).filter((name): name is Named => HELD[name].notice === heading)

function maskContact(contact: Contact | null): Contact | null {
  if (contact === null) return null
  return { ...contact, value: contact.kind === 'phone' ? maskPhone(contact.value) : maskEmail(contact.value) }
}

/** Masks particulars for display before they are opened; leaves out fields that {@link PARTICULARS} does not name. */
export function masked<P extends Particulars>(p: P): P {
  return pick(p, (name) => {
    const { masked: mask } = PARTICULARS[name] as Particular<unknown>
    return mask === 'legible' ? (value) => value : mask
  })
}

/** Returns the particulars for their person's export: all that {@link PARTICULARS} names. */
export const exported = (p: Particulars): Particulars => pick(p, () => (value) => value)

function pick<P extends Particulars>(p: P, shown: (name: ParticularName) => (value: unknown) => unknown): P {
  const kept = PARTICULAR_NAMES.flatMap((name) =>
    p[name] === undefined ? [] : [[name, shown(name)(p[name])]],
  )
  return Object.fromEntries(kept) as P
}

/** The words of an event. The citizen reads `message`; only police read `reason` and `note`. */
export interface EventWords {
  readonly message?: string
  readonly reason?: string
  readonly note?: string
  readonly correction?: AskedCorrection
}
