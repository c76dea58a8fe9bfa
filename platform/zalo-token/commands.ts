import '#server-only'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { addMilliseconds, HOUR, type Instant, MINUTE, SECOND } from '#lib/time.ts'
import { keyedHash, sealFor, sealVersion, unsealFor } from '../crypto.ts'
import { db, type Tx, transaction } from '../db.ts'
import { env } from '../env.ts'
import { askGateway } from '../gateway.ts'
import { keyWrapper } from '../key-wrapper.ts'
import { log } from '../log.ts'
import { MessageDeferred } from '../message-fault.ts'
import { giveTurnBack, type StoredToken, storedToken } from './repository.ts'

const CONTEXT = 'zalo-token'
/** Well before an access token expires (25 hours), so that the other workers can still use it during a renewal. */
const EARLY = HOUR
/** Longer than the timeout for Zalo, so a worker that still has the turn then was killed. */
const TURN = MINUTE
const LOOKS = 20

interface Tokens {
  readonly access: string
  readonly refresh: string
}
const sealTokens = (tokens: Tokens) => sealFor(CONTEXT, Buffer.from(JSON.stringify(tokens)))
const opened = (sealed: Uint8Array): Tokens => JSON.parse(unsealFor(CONTEXT, sealed).toString())

/**
 * Returns an access token for Zalo. Each renewal returns a new refresh token and invalidates the previous one. So only one
 * worker renews, and the others use the current token, or wait for the new one. `refused` is a token that Zalo no longer
 * accepts.
 *
 * @throws MessageDeferred if no token is available
 */
export async function zaloAccessToken(now: Instant, refused?: string): Promise<string> {
  const { ZALO_REFRESH_TOKEN: seed = '' } = env()
  const first = await storedToken()
  if (first === null || first.fault !== null || first.expiresAt.getTime() === 0)
    await seedToken(sealTokens({ access: '', refresh: seed }), keyedHash('zalo-seed', seed))
  for (let look = 0; look < LOOKS; look++) {
    const stored = await storedToken()
    if (stored === null || stored.fault !== null) throw new MessageDeferred('zalo_token')
    const { access } = opened(stored.sealed)
    const usable = access !== '' && access !== refused && stored.expiresAt > now
    if (usable && stored.expiresAt > addMilliseconds(now, EARLY)) return access
    const turn = await takeTurn(stored.expiresAt, now, addMilliseconds(now, TURN))
    if (turn) return renew(opened(turn.sealed), now)
    if (usable) return access
    await sleep(SECOND / 4)
  }
  throw new MessageDeferred('zalo_token')
}

/** Takes the turn to renew the token with this expiry; null if another worker has the turn or has renewed it. */
async function takeTurn(expiresAt: Instant, now: Instant, until: Instant): Promise<StoredToken | null> {
  const rows = await db.$queryRaw<{ sealed: Uint8Array<ArrayBuffer>; expires_at: Date }[]>`
    UPDATE zalo_tokens SET renewing_until = ${until}
    WHERE expires_at = ${expiresAt} AND fault IS NULL AND (renewing_until IS NULL OR renewing_until <= ${now})
    RETURNING sealed, expires_at`
  const [row] = rows
  return row ? { sealed: row.sealed, expiresAt: row.expires_at } : null
}

/** Stores the operator's token in place of tokens from another seed; the same seed changes nothing. */
async function seedToken(sealed: Uint8Array<ArrayBuffer>, seedHash: Uint8Array<ArrayBuffer>): Promise<void> {
  await db.$executeRaw`
    INSERT INTO zalo_tokens (sealed, seed_hash, expires_at) VALUES (${sealed}, ${seedHash}, 'epoch')
    ON CONFLICT (one) DO UPDATE SET sealed = excluded.sealed, seed_hash = excluded.seed_hash,
      expires_at = excluded.expires_at, fault = NULL, renewing_until = NULL
    WHERE zalo_tokens.seed_hash <> excluded.seed_hash`
}

const ANSWER = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1),
  expires_in: z.coerce.number().int().min(1),
})
const REFUSAL = z.object({ error: z.coerce.number().int().negative() })

async function renew({ refresh }: Tokens, now: Instant): Promise<string> {
  const { ZALO_OAUTH_URL, ZALO_APP_ID = '', ZALO_APP_SECRET = '' } = env()
  let body: unknown
  try {
    const answer = await askGateway({
      url: new URL('/v4/oa/access_token', ZALO_OAUTH_URL).href,
      headers: { secret_key: ZALO_APP_SECRET, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        refresh_token: refresh,
        app_id: ZALO_APP_ID,
        grant_type: 'refresh_token',
      }).toString(),
    })
    body = JSON.parse(answer.body)
  } catch {
    // Zalo may have renewed it anyway. Then the next attempt is refused and logs that.
    await giveTurnBack(null)
    throw new MessageDeferred('zalo_oauth')
  }
  const read = ANSWER.safeParse(body)
  if (read.success) {
    const { access_token: access, refresh_token: next, expires_in: seconds } = read.data
    await keepRenewed({ access, refresh: next }, addMilliseconds(now, seconds * SECOND))
    return access
  }
  const refusal = REFUSAL.safeParse(body)
  const fault = refusal.success ? String(refusal.data.error) : null
  await giveTurnBack(fault)
  if (fault) log().error({ fault }, 'Zalo refuses the refresh token: SMS go instead; give another one')
  throw new MessageDeferred('zalo_oauth')
}

/**
 * Stores new tokens from Zalo. The previous ones are already invalid and these are stored nowhere else, so failures are retried
 * for about half a minute, during which nobody else has the turn to renew.
 */
async function keepRenewed(tokens: Tokens, expiresAt: Instant): Promise<void> {
  for (let pause = SECOND / 2; ; pause *= 2) {
    try {
      return await keepToken(sealTokens(tokens), expiresAt)
    } catch (err) {
      if (pause > TURN / 4) {
        log().error({ err }, 'a renewed Zalo token could not be kept: give another one')
        throw err
      }
      await sleep(pause)
    }
  }
}

async function keepToken(sealed: Uint8Array<ArrayBuffer>, expiresAt: Instant): Promise<void> {
  await db.zaloToken.updateMany({ data: { sealed, expiresAt, fault: null, renewingUntil: null } })
}

/** Seals the token again under the current wrapping key. Returns true if that was not necessary. */
export function rotateZaloToken(): Promise<boolean> {
  return transaction(async (tx) => {
    let done = true
    await resealToken(tx, (sealed) => {
      if (sealVersion(sealed) === keyWrapper.version()) return null
      done = false
      return sealTokens(opened(sealed))
    })
    return done
  })
}

/** Seals the token again with `reseal`, which returns null if that is not necessary. */
async function resealToken(
  tx: Tx,
  reseal: (sealed: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer> | null,
): Promise<void> {
  for (const { sealed } of await tx.$queryRaw<{ sealed: Uint8Array<ArrayBuffer> }[]>`
    SELECT sealed FROM zalo_tokens FOR UPDATE`) {
    const anew = reseal(sealed)
    if (anew) await tx.zaloToken.updateMany({ data: { sealed: anew } })
  }
}
