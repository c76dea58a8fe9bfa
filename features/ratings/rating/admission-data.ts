import '#server-only'
import type { Instant } from '#lib/time.ts'
import { queryOutsideTransaction, sql } from '#platform/db.ts'
import type { Counter } from '#platform/rate-limits/commands.ts'
import type { ExclusionReason } from '../integrity/rules.ts'
import type { ReceiptNumber } from './rules.ts'

/** A form with its counters, which are counted before anything of the form is recorded. */
export interface AdmissionRequest {
  readonly submitKey: string
  readonly proof: { readonly challenge: string; readonly expiresAt: Instant } | null
  /** The rate limits of a form with a valid, unspent proof of work, and of a form without. */
  readonly limits: readonly Counter[]
  readonly limitsWithoutProof: readonly Counter[]
  /** If one of these counters is used up, the rating is excluded for its `reason`. */
  readonly signs: readonly (Counter & { readonly reason: ExclusionReason })[]
  /** The counter of the sender's network at the agency on this day. */
  readonly network: Counter
  readonly flow: readonly [answers: Counter, networks: Counter]
}

export interface Admitted {
  /** True for the first answer of its network about the agency on this day, which is added to the figures. */
  readonly person: boolean
  /** The key of the network's counter in hexadecimal digits; null if it was not counted. */
  readonly personKey: string | null
  readonly outcome: 'admitted' | 'again' | 'limit'
  /** The receipt of the same form, if it was sent before (`again`). */
  readonly receipt: ReceiptNumber
  /** Seconds until the limit lets the form through. */
  readonly wait: number
  readonly proven: boolean
  readonly exclusion: ExclusionReason | null
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const asJson = ({ keyHash, amount, window }: Counter) => ({ key: hex(keyHash), amount, window })

/** Counts a form in its own transaction, so that nothing counted for an address is written together with an answer. */
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

/** Undoes the counts of a form that was refused, or overtaken by the same form sent at the same time. */
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

/** A kiosk answer with its counters. `second` is the time at which it was given, `near` the times around it. */
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
  /** True if it is one of the answers of its hour that count toward the thirty. */
  readonly person: boolean
}

/** Counts a kiosk answer in its own transaction, so that no answer is written together with its kiosk. */
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

/** Undoes the counts of a kiosk answer that was not recorded. */
export async function returnAtKiosk({ second, ceiling, people }: KioskRequest, now: Instant): Promise<void> {
  const keys = [second, ceiling, people].map(({ keyHash }) => hex(keyHash))
  const counted = JSON.stringify({ now, challenge: null, keys, people: [] })
  await queryOutsideTransaction(sql`SELECT return_admission(${counted}::jsonb)`)
}
