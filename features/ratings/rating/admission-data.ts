import '#server-only'
import type { Instant } from '#lib/time.ts'
import { queryOutsideTransaction, sql } from '#platform/db.ts'
import type { ExclusionReason } from '../integrity/rules.ts'
import type { ReceiptNumber } from './rules.ts'

/** One counter of `take_hit`. */
export interface Counter {
  readonly keyHash: Uint8Array
  readonly amount: number
  readonly window: number
}

/** A form and its counters, which are counted before anything of it is recorded. */
export interface AdmissionRequest {
  readonly submitKey: string
  readonly proof: { readonly challenge: string; readonly expiresAt: Instant } | null
  /** The rate limits of a form with a valid, unspent proof of work, and of one without. */
  readonly limits: readonly Counter[]
  readonly limitsWithoutProof: readonly Counter[]
  /** A rating is excluded for the `reason` of a counter that is used up. */
  readonly signs: readonly (Counter & { readonly reason: ExclusionReason })[]
  /** The counter of its network among the people who wait for the next release. */
  readonly person: readonly Counter[]
  /**
   * The agency and version whose answers wait: an address is one person for each agency and version, anew after each
   * release.
   */
  readonly agencyId: string
  readonly questionnaireVersion: number
}

/** Says whether an address counts as a new one of the ten people whose number releases the waiting answers. */
interface CountedPerson {
  readonly person: boolean
  /** The number of releases of the agency's answers when its address was counted; null where no address was. */
  readonly batch: number | null
  /** The counter's name in hexadecimal digits; null where there is none. */
  readonly personKey: string | null
}

export interface Admitted extends CountedPerson {
  readonly outcome: 'admitted' | 'again' | 'limit'
  /** The receipt of the same form, where it was sent before (`again`). */
  readonly receipt: ReceiptNumber
  /** Seconds until the limit would let it through. */
  readonly wait: number
  readonly proven: boolean
  readonly exclusion: ExclusionReason | null
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const asJson = ({ keyHash, amount, window }: Counter) => ({ key: hex(keyHash), amount, window })

/** Counts a form, in a transaction of its own: nothing that is counted for an address stands beside an answer. */
export async function countSubmission(request: AdmissionRequest, now: Instant): Promise<Admitted> {
  const { submitKey, proof, limits, limitsWithoutProof, signs, person, agencyId, questionnaireVersion } =
    request
  const asked = JSON.stringify({
    now,
    agency: agencyId,
    version: questionnaireVersion,
    submitKey,
    proof,
    limits: limits.map(asJson),
    limitsWithoutProof: limitsWithoutProof.map(asJson),
    signs: signs.map((sign) => ({ ...asJson(sign), reason: sign.reason })),
    person: person.map(asJson),
  })
  const [row] = await queryOutsideTransaction<Admitted>(sql`
    SELECT outcome, receipt, wait, proven, exclusion, person, batch, person_key AS "personKey"
    FROM admit_rating(${asked}::jsonb)`)
  if (!row) throw new Error('admit_rating answered nothing')
  return row
}

/** Counts the address alone once more, in a transaction of its own: for the batch that waits now. */
export async function countPerson(
  { person, agencyId, questionnaireVersion }: AdmissionRequest,
  now: Instant,
): Promise<CountedPerson> {
  const counters = JSON.stringify(person.map(asJson))
  const [row] = await queryOutsideTransaction<CountedPerson>(sql`
    SELECT person, batch, key AS "personKey"
    FROM admit_person(${counters}::jsonb, ${agencyId}, ${questionnaireVersion}, ${now})`)
  if (!row) throw new Error('admit_person answered nothing')
  return row
}

/** Undoes what was counted for a form that was refused, or that the same form sent at once has overtaken. */
export async function returnAdmission(
  { proof, limits, limitsWithoutProof, signs }: AdmissionRequest,
  admitted: Admitted,
  withLimits: boolean,
  now: Instant,
): Promise<void> {
  const counters = [...(withLimits ? (admitted.proven ? limits : limitsWithoutProof) : []), ...signs]
  const counted = JSON.stringify({
    now,
    challenge: admitted.proven ? proof?.challenge : null,
    keys: counters.map(({ keyHash }) => hex(keyHash)),
    people: admitted.person && admitted.personKey !== null ? [admitted.personKey] : [],
  })
  await queryOutsideTransaction(sql`SELECT return_admission(${counted}::jsonb)`)
}

/** An answer of a kiosk and its counters; `second` and `near` are the time at which it was given, and the times around it. */
export interface KioskRequest {
  readonly submitKey: string
  readonly kioskId: string
  readonly near: readonly Uint8Array[]
  readonly second: Counter
  readonly ceiling: Counter
  readonly people: Counter
}

interface KioskAdmitted {
  readonly outcome: 'admitted' | 'again' | 'pace' | 'limit'
  readonly receipt: ReceiptNumber
  /** Tells whether it is one of those of its hour that count toward the thirty. */
  readonly person: boolean
}

/** Counts an answer of a kiosk, in a transaction of its own, so that no answer stands beside its kiosk. */
export async function countAtKiosk(request: KioskRequest, now: Instant): Promise<KioskAdmitted> {
  const asked = JSON.stringify({
    now,
    submitKey: request.submitKey,
    kiosk: request.kioskId,
    near: request.near.map(hex),
    second: asJson(request.second),
    ceiling: asJson(request.ceiling),
    people: asJson(request.people),
  })
  const [row] = await queryOutsideTransaction<KioskAdmitted>(
    sql`SELECT outcome, receipt, person FROM admit_kiosk_rating(${asked}::jsonb)`,
  )
  if (!row) throw new Error('admit_kiosk_rating answered nothing')
  return row
}

/** Undoes what was counted for an answer of a kiosk that was not recorded. */
export async function returnAtKiosk({ second, ceiling, people }: KioskRequest, now: Instant): Promise<void> {
  const keys = [second, ceiling, people].map(({ keyHash }) => hex(keyHash))
  const counted = JSON.stringify({ now, challenge: null, keys, people: [] })
  await queryOutsideTransaction(sql`SELECT return_admission(${counted}::jsonb)`)
}
