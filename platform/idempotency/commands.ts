import '#server-only'
import { AsyncLocalStorage } from 'node:async_hooks'
import type { RawForm } from '#lib/raw-form.ts'
import { ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { keyedHash, randomBuffer, sameBytes } from '../crypto.ts'
import { type Json, type Tx, transaction } from '../db.ts'

/** Carries a refusal out of a transaction, so that everything is rolled back. */
class Refused extends Error {
  readonly error: unknown
  constructor(error: unknown) {
    super('refused')
    this.error = error
  }
}

/** Thrown if a key was already used with other content. Nothing is done. */
export class OtherContent extends Error {}

type ContentDigest = Uint8Array<ArrayBuffer>

const contentInForce = new AsyncLocalStorage<ContentDigest>()

/**
 * Runs a form's act so that {@link actOnce} knows the form's content as well as its key: for the same key with other content it
 * throws {@link OtherContent} instead of repeating the earlier answer. Outside of `withContent` only the key counts.
 *
 * @param content the fields of the form, without its key and without passwords and codes, which are typed again
 */
export const withContent = <T>(content: RawForm, work: () => T): T =>
  contentInForce.run(
    keyedHash('form-content', JSON.stringify(Object.entries(content).toSorted(byName))),
    work,
  )

const byName = ([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number =>
  one < other ? -1 : 1

/** Runs `work` in one transaction, and rolls it back if `work` returns an error. */
export async function runInTransaction<T, E>(work: (tx: Tx) => Promise<Result<T, E>>): Promise<Result<T, E>> {
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
 * Derives a key from a form's key, for a form that stays on its page and is sent several times: one key for each use. `what`
 * identifies the use, such as the entered code.
 */
export function keyFor(submitKey: string, ...what: readonly string[]): string {
  const hex = Buffer.from(keyedHash('submission', [submitKey, ...what].join('\0'))).toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/**
 * Milliseconds in which a form with a one-time code may be sent again: enough for a double click or a lost reply. It is short,
 * because the next person at a shared device could find the form still filled in.
 */
export const RESEND_WINDOW = 30_000

/**
 * Runs an act at most once for an idempotency key. The same form sent again, in parallel or after a lost reply, gets the first
 * answer. A refused act does not use up its key, so the form can be corrected and sent again. Throws {@link OtherContent} if
 * the form has other content by then ({@link withContent}).
 *
 * @param key a uuid from the form's hidden `submitKey`
 * @param act the purpose of the key, such as `case.decide`; a key used for another act is an error
 * @param life how long the answer is repeated; afterwards the act runs again
 */
export function actOnce<T extends Json, E>(
  key: string,
  act: string,
  now: Instant,
  work: (tx: Tx) => Promise<Result<T, E>>,
  life = Number.POSITIVE_INFINITY,
): Promise<Result<T, E>> {
  return runInTransaction(async (tx) => {
    const content = contentInForce.getStore() ?? null
    if (!(await claimKey(tx, key, { act, at: now, content }))) {
      const select = { act: true, outcome: true, at: true, content: true } as const
      const earlier = await tx.submission.findUnique({ where: { key }, select })
      if (earlier?.act !== act) throw new Error('an idempotency key was used for another act')
      if (now.getTime() - earlier.at.getTime() < life) {
        if (content && earlier.content && !sameBytes(content, earlier.content)) throw new OtherContent()
        return ok(earlier.outcome as T)
      }
    }
    const result = await work(tx)
    if (result.ok) {
      const data = { outcome: result.value, at: now, content }
      await tx.submission.update({ where: { key }, data, select: { key: true } })
    }
    return result
  })
}

/** Claims a key, after waiting for a transaction that uses it. Returns false if it was used before. */
async function claimKey(
  tx: Tx,
  key: string,
  {
    act,
    at,
    content,
  }: { readonly act: string; readonly at: Instant; readonly content: ContentDigest | null },
): Promise<boolean> {
  const { count } = await tx.submission.createMany({
    data: [{ key, act, outcome: {}, at, content }],
    skipDuplicates: true,
  })
  return count === 1
}

/**
 * Does a part of a larger act at most once for a key, in the larger act's transaction. Of two that run at once, the second
 * waits for the first, and does the part only if the first did not commit.
 */
export async function onceWithin(
  tx: Tx,
  key: string,
  act: string,
  now: Instant,
  work: () => Promise<void>,
): Promise<void> {
  if (await claimKey(tx, key, { act, at: now, content: null })) await work()
}

const SEED = 32
export const makeSeed = (): string => randomBuffer(SEED).toString('base64url')
/** Derives the secret from a seed. A reader of the database has the seed, but not the key. */
export const secretOf = (seed: string): Buffer => Buffer.from(keyedHash('shown-once', seed))

/**
 * Works as {@link actOnce}, for an act that shows a secret of 32 bytes, such as a link or a key, of which only the hash is
 * stored. The same form sent again shows the same secret.
 *
 * @param work does the act with the given secret
 */
export async function actOnceWithSecret<E>(
  key: string,
  act: string,
  now: Instant,
  work: (tx: Tx, secret: Buffer) => Promise<Result<unknown, E>>,
  life?: number,
): Promise<Result<Buffer, E>> {
  const once = async (tx: Tx): Promise<Result<string, E>> => {
    const seed = makeSeed()
    const made = await work(tx, secretOf(seed))
    return made.ok ? ok(seed) : made
  }
  const done = await actOnce(key, act, now, once, life)
  return done.ok ? ok(secretOf(done.value)) : done
}
