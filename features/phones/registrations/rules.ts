import { type DraftFields, type Faults, isBlank } from '#features/reporting/fields/reader-rules.ts'
import { readPerson } from '#features/reporting/steps/person-rules.ts'
import { readPhone } from '#features/reporting/steps/phone-rules.ts'
import { displayName, type KnownDevice } from '#lib/imei/device.ts'
import type { Imei } from '#lib/imei/imei.ts'
import { cleanText } from '#lib/person/text.ts'
import { addMilliseconds, DAY, type Instant } from '#lib/time.ts'
import type { RegisteredPerson } from '../registrants/rules.ts'
import type { SentFor } from '../trusted/rules.ts'

export interface PhoneContent {
  /** 15 digits each. */
  readonly imeis: readonly string[]
  /** E.164 number of its SIM; null if not given. */
  readonly msisdn: string | null
  /** The holder's name for it; '' if none. */
  readonly name: string
  readonly colour: string
  /** Where and when it was bought, in the holder's words. */
  readonly bought: string
  /** ISO 8601: since when these are the numbers. Carriers' earlier answers were about other numbers. */
  readonly numbersSince?: string
  /** The TAC table's answer for the first IMEI. */
  readonly device: KnownDevice | null
  /** The other sides of its hand-overs, with masked contacts: whom it went to, and whom it came from. */
  readonly otherSides?: { readonly gave?: string; readonly got?: string }
  /** The newest report of it that a trusted person sent. */
  readonly sentFor?: SentFor
}

/** The sealing context of a phone, and the hash context of its first 14 digits. */
export const PHONE_PLACE = 'registered-phone'
export const IMEI_HASH = 'registered-imei'

export const NOTHING_GIVEN: PhoneContent = {
  imeis: [],
  msisdn: null,
  name: '',
  colour: '',
  bought: '',
  device: null,
}

/** The form's own fields with their maximum lengths; their messages are in `faults.phones`. */
const TEXTS = { phoneName: 60, colour: 60, bought: 300 } as const

export interface ReadPhone {
  readonly imeis: readonly Imei[]
  readonly content: Pick<PhoneContent, 'msisdn' | 'name' | 'colour' | 'bought'>
  /** Null if none was given; a report asks for it then. */
  readonly person: RegisteredPerson | null
}

/** Reads a phone's form: its number as in a report, and a person if their name or id number is filled in. */
export function readRegistration(
  typed: Readonly<Record<string, string | undefined>>,
  now: Instant,
): { readonly value: ReadPhone | null; readonly faults: Faults } {
  const ofPhone = Object.fromEntries(
    (['imei1', 'imei2', 'imei3', 'imei4', 'phoneNumber1'] as const).map((name) => [name, typed[name] ?? '']),
  ) as DraftFields
  const phone = readPhone(ofPhone, null)
  const given = ['fullName', 'nationalId'].some((name) => !isBlank(typed[name] ?? ''))
  const person = given
    ? readPerson(
        {
          fullName: typed.fullName ?? '',
          idKind: typed.idKind ?? '',
          nationalId: typed.nationalId ?? '',
        },
        now,
      )
    : null
  const faults: Record<string, string> = { ...phone.faults, ...person?.faults }
  // The report's words name a box that this form does not have.
  if (faults.imei1 === 'report.imei.empty') faults.imei1 = 'check.empty'
  const texts = Object.entries(TEXTS).map(([name, max]) => {
    const read = cleanText(typed[name] ?? '', max)
    if (!read.ok) faults[name] = 'phones.too_long'
    return [name, read.ok ? read.value.trim() : '']
  })
  const { phoneName = '', colour = '', bought = '' } = Object.fromEntries(texts) as Record<string, string>
  if (phone.value === null || Object.keys(faults).length > 0) return { value: null, faults }
  const { imeis, phoneNumbers } = phone.value
  const content = { msisdn: phoneNumbers[0] ?? null, name: phoneName, colour, bought }
  const who = person?.value
  return {
    value: {
      imeis,
      content,
      person: who ? { fullName: who.fullName, idKind: who.idKind, nationalId: who.nationalId } : null,
    },
    faults,
  }
}

/** Returns a phone's name, from its holder or the TAC table; '' if neither has one. */
export const nameOf = ({ name, device }: Pick<PhoneContent, 'name' | 'device'>): string =>
  name || (device === null ? '' : displayName(device.manufacturer, device.model))

/** Returns the last four digits of each IMEI, the only part that a page shows. */
export const endsOf = ({ imeis }: Pick<PhoneContent, 'imeis'>): readonly string[] =>
  imeis.map((imei) => imei.slice(-4))

const YEAR = 365 * DAY
/** How long after its last confirmation a registration lapses, and how long after that it is deleted. */
export const LAPSES = 2 * YEAR
export const LAPSED_KEPT = 90 * DAY
/** How long a phone is kept whose form was not sent. */
export const BEGUN_KEPT = DAY

interface Kept {
  readonly keptAt: Instant
  readonly askedAt: Instant | null
}

/** Returns whether the holder's page asks if they still have the phone. */
export const isAsked = ({ keptAt }: Kept, now: Instant): boolean => addMilliseconds(keptAt, YEAR) <= now

export const lapsesAt = ({ keptAt }: Kept): Instant => addMilliseconds(keptAt, LAPSES)

/** A phone's state on its card; `begun` is shown only on the phone's own page. */
export type ShownState = 'begun' | 'registered' | 'confirmed' | 'reported' | 'handed_over' | 'lapsed'

export const shownState = (phone: {
  readonly state: 'begun' | 'registered' | 'handed_over' | 'lapsed'
  readonly reported: boolean
  readonly confirmed: boolean
}): ShownState => {
  if (phone.state !== 'registered') return phone.state
  if (phone.reported) return 'reported'
  return phone.confirmed ? 'confirmed' : 'registered'
}

/** Returns whether a carrier's question was about the phone's present numbers. */
export const isOfNumbers = ({ numbersSince }: PhoneContent, askedAt: Instant): boolean =>
  numbersSince === undefined || askedAt >= new Date(numbersSince)

/**
 * Returns the carriers to ask next whether a number was in a phone: first the carrier of the number's prefix, then the others if
 * it did not say yes, because numbers are ported. None while a question is open, or after a yes.
 */
export function carriersToConfirm(
  asked: readonly { readonly carrierId: string; readonly answer: string | null; readonly open: boolean }[],
  hint: string | null,
  askable: readonly string[],
): readonly string[] {
  if (asked.some(({ answer, open }) => answer === 'yes' || (open && answer === null))) return []
  if (asked.length === 0 && hint !== null && askable.includes(hint)) return [hint]
  return askable.filter((id) => !asked.some(({ carrierId }) => carrierId === id))
}

/** Consents of a holder, one per checkbox. The version identifies the exact words. */
export const PHONE_CONSENTS = [
  { field: 'consentRegistration', purpose: 'registration', version: '2026-12-01', required: true },
  { field: 'consentSimCheck', purpose: 'registration_sim', version: '2026-12-01', required: false },
] as const

/** A registration as police read it beside a report of the phone. */
export interface RegistrationLine {
  readonly registeredAt: Instant
  /** The reporter's own registration, which supports the report. */
  readonly own: boolean
  /** Registered after the first report of the phone, so it says little. */
  readonly afterReport: boolean
  readonly confirmed: { readonly carrier: string; readonly at: Instant } | null
  readonly state: 'registered' | 'handed_over'
  /** Papers of hand-overs: `gave` by this person, `got` by this person. */
  readonly papers: readonly { readonly number: string; readonly at: Instant; readonly side: 'gave' | 'got' }[]
  /** A registrant's objection to the report; null if they have made none. */
  readonly contested: { readonly at: Instant; readonly words: string } | null
}

/**
 * Returns the hand-over paper that speaks against a report: the reporter gave the phone away before they reported it, or somebody
 * else had received it by then. The second holds even if the reporter does not use the list that they gave it from.
 */
export function paperAgainst(lines: readonly RegistrationLine[], submittedAt: Instant) {
  const papers = lines.flatMap(({ own, papers: all }) => all.map((paper) => ({ ...paper, own })))
  const before = papers.filter(({ at }) => at < submittedAt)
  return (
    before.find(({ own, side }) => own && side === 'gave') ??
    before.find(({ own, side }) => !own && side === 'got') ??
    null
  )
}
