import '#server-only'
import type { ExclusionReason } from '#domain/survey/exclusion.ts'
import type { ReceiptNumber } from '#domain/survey/receipt.ts'
import type { Instant } from '#domain/time.ts'
import { aside } from '#server/platform/aside.ts'

/** One counter of `take_hit`. */
export interface Counter {
  readonly keyHash: Uint8Array
  readonly amount: number
  readonly window: number
}

/** What is counted for a form before anything of it is recorded. */
export interface AdmissionRequest {
  readonly submitKey: string
  readonly proof: { readonly challenge: string; readonly expiresAt: Instant } | null
  /** What limits it, where the proof of work holds and has not been spent, and where there is none. */
  readonly limits: readonly Counter[]
  readonly limitsWithoutProof: readonly Counter[]
  /** For which it is excluded, where one of them is used up. */
  readonly signs: readonly (Counter & { readonly reason: ExclusionReason })[]
  /** By which its address is known among the people who wait for the next ten; none: it is always one of them. */
  readonly person: readonly Counter[]
}

export interface Admitted {
  readonly outcome: 'admitted' | 'again' | 'limit'
  /** Of the same form, sent before. */
  readonly receipt: ReceiptNumber
  /** Seconds until the limit would let it through. */
  readonly wait: number
  readonly proven: boolean
  readonly exclusion: ExclusionReason | null
  readonly person: boolean
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const asJson = ({ keyHash, amount, window }: Counter) => ({ key: hex(keyHash), amount, window })

/** Counts a form, in a transaction of its own: nothing that is counted for an address stands beside an answer. */
export async function admit(request: AdmissionRequest, now: Instant): Promise<Admitted> {
  const { submitKey, proof, limits, limitsWithoutProof, signs, person } = request
  const [row] = await aside<Admitted>('admit_rating', 'SELECT * FROM admit_rating($1::jsonb)', [
    JSON.stringify({
      now,
      submitKey,
      proof,
      limits: limits.map(asJson),
      limitsWithoutProof: limitsWithoutProof.map(asJson),
      signs: signs.map((sign) => ({ ...asJson(sign), reason: sign.reason })),
      person: person.map(asJson),
    }),
  ])
  if (!row) throw new Error('admit_rating answered nothing')
  return row
}

/** Gives back what was counted for a form that was refused, or that another of the same overtook. */
export async function returnAdmission(
  { proof, limits, limitsWithoutProof, signs, person }: AdmissionRequest,
  admitted: Admitted,
  withLimits: boolean,
  now: Instant,
): Promise<void> {
  const counters = [...(withLimits ? (admitted.proven ? limits : limitsWithoutProof) : []), ...signs]
  await aside('return_admission', 'SELECT return_admission($1::jsonb)', [
    JSON.stringify({
      now,
      challenge: admitted.proven ? proof?.challenge : null,
      keys: counters.map(({ keyHash }) => hex(keyHash)),
      people: admitted.person ? person.map(({ keyHash }) => hex(keyHash)) : [],
    }),
  ])
}
