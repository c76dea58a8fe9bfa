import '#server-only'
import { ok, type Result } from '#domain/result.ts'
import type { Instant } from '#domain/time.ts'
import { keyedHash, random } from '#server/platform/crypto.ts'
import { type Tx, transaction } from '#server/platform/db.ts'
import { claim, type Outcome, outcomeOf, recordOutcome } from './repository.ts'

/** Carries a refusal out of a transaction, so that nothing of it is kept. */
class Refused extends Error {
  readonly error: unknown
  constructor(error: unknown) {
    super('refused')
    this.error = error
  }
}

/**
 * Runs `work` in one transaction. What it refuses is rolled back whole and handed to the caller.
 */
export async function transact<T, E>(work: (tx: Tx) => Promise<Result<T, E>>): Promise<Result<T, E>> {
  try {
    return await transaction(async (tx) => {
      const result = await work(tx)
      if (!result.ok) throw new Refused(result.error)
      return result
    })
  } catch (error) {
    if (error instanceof Refused) return { ok: false, error: error.error as E }
    throw error
  }
}

/**
 * Runs an act at most once for an idempotency key: the same form sent twice, in parallel or after a lost reply,
 * answers what it answered the first time. A refused act spends no key, so it can be mended and sent again.
 *
 * @param key a uuid from the form's hidden `submitKey`
 * @param act what the key is for, such as `case.decide`; a key used for another act is an error
 */
export function actOnce<T extends Outcome, E>(
  key: string,
  act: string,
  now: Instant,
  work: (tx: Tx) => Promise<Result<T, E>>,
): Promise<Result<T, E>> {
  return transact(async (tx) => {
    if (!(await claim(tx, key, act, now))) {
      const earlier = await outcomeOf(tx, key)
      if (earlier?.act !== act) throw new Error('an idempotency key was used for another act')
      return ok(earlier.outcome as T)
    }
    const result = await work(tx)
    if (result.ok) await recordOutcome(tx, key, result.value)
    return result
  })
}

const SEED = 32
/** The secret of a seed. Whoever reads the seed in the database still lacks the key. */
const secretOf = (seed: string): Buffer => Buffer.from(keyedHash('shown-once', seed))

/**
 * As {@link actOnce}, for an act that shows a secret of 32 bytes which only its hash is kept of, such as a link or a key:
 * the same form sent again shows the same secret.
 *
 * @param work does the act with the secret that it is handed
 */
export async function actOnceWithSecret<E>(
  key: string,
  act: string,
  now: Instant,
  work: (tx: Tx, secret: Buffer) => Promise<Result<unknown, E>>,
): Promise<Result<Buffer, E>> {
  const done = await actOnce<string, E>(key, act, now, async (tx) => {
    const seed = random(SEED).toString('base64url')
    const made = await work(tx, secretOf(seed))
    return made.ok ? ok(seed) : made
  })
  return done.ok ? ok(secretOf(done.value)) : done
}
