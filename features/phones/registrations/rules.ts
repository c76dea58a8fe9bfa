import type { DraftFields, Faults } from '#features/reporting/drafts/fields-rules.ts'
import { isBlank } from '#features/reporting/fields/reader-rules.ts'
import { readPerson } from '#features/reporting/steps/person-rules.ts'
import { readPhone } from '#features/reporting/steps/phone-rules.ts'
import { displayName, type KnownDevice } from '#lib/imei/device.ts'
import type { Imei } from '#lib/imei/imei.ts'
import { cleanText } from '#lib/person/text.ts'
import { addMilliseconds, DAY, type Instant } from '#lib/time.ts'
import type { RegisteredPerson } from '../registrants/rules.ts'
import type { SentFor } from '../trusted/rules.ts'

/** The sealed content of a registered phone. */
export interface PhoneContent {
  /** Each in 15 digits. */
  readonly imeis: readonly string[]
  /** E.164, of the SIM in it; null where it was not given. */
  readonly msisdn: string | null
  /** Holds what its holder calls it; '' where they gave it no name. */
  readonly name: string
  readonly colour: string
  /** Says where and when it was bought, in their words. */
  readonly bought: string
  /** ISO 8601: since when these are the numbers. What a carrier was asked before that was of others. */
  readonly numbersSince?: string
  /** Holds what the TAC table said of the first IMEI. */
  readonly device: KnownDevice | null
  /** The other sides of its hand-overs, masked: whom it went to, and whom it came from. */
  readonly otherSides?: { readonly gave?: string; readonly got?: string }
  /** The newest report of it that a trusted person sent. */
  readonly sentFor?: SentFor
}

/** Names the place of a phone's sealed content, and the hash of its 14 digits. */
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

/** The fields of the form, beside the report's own; each has its words in `faults.phones`. */
const TEXTS = { phoneName: 60, colour: 60, bought: 300 } as const

export interface ReadPhone {
  readonly imeis: readonly Imei[]
  readonly content: Pick<PhoneContent, 'msisdn' | 'name' | 'colour' | 'bought'>
  /** Null where they gave none: a report asks for it then. */
  readonly person: RegisteredPerson | null
}

/** Reads the form of a phone: its number as a report reads it, and a person where any of their fields is filled in. */
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

/** Returns the name of a phone as its holder or the TAC table gives it; '' where neither does. */
export const nameOf = ({ name, device }: Pick<PhoneContent, 'name' | 'device'>): string =>
  name || (device === null ? '' : displayName(device.manufacturer, device.model))

/** Returns the last four digits of each number: all that a page shows of them. */
export const endsOf = ({ imeis }: Pick<PhoneContent, 'imeis'>): readonly string[] =>
  imeis.map((imei) => imei.slice(-4))

const YEAR = 365 * DAY
/** A phone that nobody has asked about for so long lapses; after so many days more it is deleted. */
export const LAPSES = 2 * YEAR
export const LAPSED_KEPT = 90 * DAY
/** A phone whose form was not sent is deleted after so long. */
export const BEGUN_KEPT = DAY

interface Kept {
  readonly keptAt: Instant
  readonly askedAt: Instant | null
}

/** Tells whether a holder is asked on their page whether they still have the phone. */
export const isAsked = ({ keptAt }: Kept, now: Instant): boolean => addMilliseconds(keptAt, YEAR) <= now

/** Returns when a phone lapses without an answer. */
export const lapsesAt = ({ keptAt }: Kept): Instant => addMilliseconds(keptAt, LAPSES)

/** A phone as its card says it is; `begun` is shown nowhere but on its own page. */
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

/** Tells whether a carrier was asked about the numbers that a phone has now. */
export const isOfNumbers = ({ numbersSince }: PhoneContent, askedAt: Instant): boolean =>
  numbersSince === undefined || askedAt >= new Date(numbersSince)

/**
 * Returns the carriers to ask next whether a number was in a phone: that of the number's prefix first, the others once it has
 * not said yes, because numbers are ported. None while one is asked, or once one has said yes.
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

/** Holds what a holder agrees to, by the box of the form. The version stands for the exact words. */
export const PHONE_CONSENTS = [
  { field: 'consentRegistration', purpose: 'registration', version: '2026-12-01', required: true },
  { field: 'consentSimCheck', purpose: 'registration_sim', version: '2026-12-01', required: false },
] as const

/** A report of a registered phone as the police who have it read of the registration. */
export interface RegistrationLine {
  readonly registeredAt: Instant
  /** Its own person's, so that it speaks for the report. */
  readonly own: boolean
  /** It came after the first report of the phone: it says little. */
  readonly afterReport: boolean
  readonly confirmed: { readonly carrier: string; readonly at: Instant } | null
  readonly state: 'registered' | 'handed_over'
  /** The paper of a hand-over: by this person to another one, or to this person from another one. */
  readonly papers: readonly { readonly number: string; readonly at: Instant; readonly side: 'gave' | 'got' }[]
  /** Holds what a registrant who was told of the report says to it; null where they have said nothing. */
  readonly contested: { readonly at: Instant; readonly words: string } | null
}

/**
 * Returns the paper of a hand-over that speaks against a report: its person gave the phone away before they sent it, or somebody
 * else had got it by then. The second stands also where the giver reports without the list that they gave it from.
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
