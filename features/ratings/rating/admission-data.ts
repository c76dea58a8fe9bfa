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
  /** The counter of its network at the agency on this day. */
  readonly network: Counter
  /** The counters of what comes for the agency on this day: answers, and networks. */
  readonly flow: readonly [answers: Counter, networks: Counter]
}

export interface Admitted {
  /** Tells whether it is its network's first about the agency on this day: the one that is in the figures. */
  readonly person: boolean
  /** The name of the network's counter in hexadecimal digits; null where it was not counted. */
  readonly personKey: string | null
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
  const { submitKey, proof, limits, limitsWithoutProof, signs, network, flow } = request
  const asked = JSON.stringify({
    now,
    submitKey,
    proof,
    limits: limits.map(asJson),
    limitsWithoutProof: limitsWithoutProof.map(asJson),
    signs: signs.map((sign) => ({ ...asJson(sign), reason: sign.reason })),
    network: asJson(network),
    flow: flow.map(asJson),
  })
  const [row] = await queryOutsideTransaction<Admitted>(sql`
    SELECT outcome, receipt, wait, proven, exclusion, person, person_key AS "personKey"
    FROM admit_rating(${asked}::jsonb)`)
  if (!row) throw new Error('admit_rating answered nothing')
  return row
}

/** Undoes what was counted for a form that was refused, or that the same form sent at once has overtaken. */
export async function returnAdmission(
  { proof, limits, limitsWithoutProof, signs, flow }: AdmissionRequest,
  admitted: Admitted,
  withLimits: boolean,
  now: Instant,
): Promise<void> {
  const counters = [
    ...(withLimits ? (admitted.proven ? limits : limitsWithoutProof) : []),
    ...signs,
    ...(admitted.person ? flow : flow.slice(0, 1)),
  ]
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
