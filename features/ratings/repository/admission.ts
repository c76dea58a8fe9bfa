import '#server-only'
import type { Instant } from '#lib/time.ts'
import { queryOutsideTransaction, sql } from '#platform/db.ts'
import type { ExclusionReason } from '../rules/exclusion.ts'
import type { ReceiptNumber } from '../rules/receipt.ts'

/** One counter of `take_hit`. */
export interface Counter {
  readonly keyHash: Uint8Array
  readonly amount: number
  readonly window: number
}

/** The facts that are counted for a form before anything of it is recorded. */
export interface AdmissionRequest {
  readonly submitKey: string
  readonly proof: { readonly challenge: string; readonly expiresAt: Instant } | null
  /** The counters that limit it, where the proof of work holds and has not been spent, and where there is none. */
  readonly limits: readonly Counter[]
  readonly limitsWithoutProof: readonly Counter[]
  /** For which it is excluded, where one of them is used up. */
  readonly signs: readonly (Counter & { readonly reason: ExclusionReason })[]
  /** By which its address is known among the people who wait for the next ten; none: it is always one of them. */
  readonly person: readonly Counter[]
  /**
   * The agency and version whose answers wait: an address is one person for each agency and version, anew after each
   * release.
   */
  readonly agencyId: string
  readonly questionnaireVersion: number
}

/** The answer whether an address is one of the ten people who release what waits. */
export interface CountedPerson {
  readonly person: boolean
  /**
   * The number of times that the agency's answers had been released when its address was counted; null where none is.
   */
  readonly batch: number | null
  /** The counter's name in hexadecimal digits; null where there is none. */
  readonly personKey: string | null
}

export interface Admitted extends CountedPerson {
  readonly outcome: 'admitted' | 'again' | 'limit'
  /** Of the same form, sent before. */
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

/** Gives back what was counted for a form that was refused, or that another of the same overtook. */
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
