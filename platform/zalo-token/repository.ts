import '#server-only'
import type { Instant } from '#lib/time.ts'
import { db, type Tx } from '../db.ts'

export interface StoredToken {
  readonly sealed: Uint8Array<ArrayBuffer>
  readonly expiresAt: Instant
}

/** Puts the token that the operator gave in the place of what began with another one; the same one again changes nothing. */
export async function seedToken(
  sealed: Uint8Array<ArrayBuffer>,
  seedHash: Uint8Array<ArrayBuffer>,
): Promise<void> {
  await db.$executeRaw`
    INSERT INTO zalo_tokens (sealed, seed_hash, expires_at) VALUES (${sealed}, ${seedHash}, 'epoch')
    ON CONFLICT (one) DO UPDATE SET sealed = excluded.sealed, seed_hash = excluded.seed_hash,
      expires_at = excluded.expires_at, fault = NULL, renewing_until = NULL
    WHERE zalo_tokens.seed_hash <> excluded.seed_hash`
}

export const storedToken = (): Promise<(StoredToken & { fault: string | null }) | null> =>
  db.zaloToken.findFirst({ select: { sealed: true, expiresAt: true, fault: true } })

/** Takes the turn to renew a token that expires then; null where another has it, or has renewed it. */
export async function takeTurn(
  expiresAt: Instant,
  now: Instant,
  until: Instant,
): Promise<StoredToken | null> {
  const rows = await db.$queryRaw<{ sealed: Uint8Array<ArrayBuffer>; expires_at: Date }[]>`
    UPDATE zalo_tokens SET renewing_until = ${until}
    WHERE expires_at = ${expiresAt} AND fault IS NULL AND (renewing_until IS NULL OR renewing_until <= ${now})
    RETURNING sealed, expires_at`
  const [row] = rows
  return row ? { sealed: row.sealed, expiresAt: row.expires_at } : null
}

export async function keepToken(sealed: Uint8Array<ArrayBuffer>, expiresAt: Instant): Promise<void> {
  await db.zaloToken.updateMany({ data: { sealed, expiresAt, fault: null, renewingUntil: null } })
}

/** Gives the turn back; with `fault` nobody takes it again until another token is given. */
export async function giveTurnBack(fault: string | null): Promise<void> {
  await db.zaloToken.updateMany({ data: { renewingUntil: null, fault } })
}

/** Seals the token anew with `reseal`, which answers null where there is no need. */
export async function resealToken(
  tx: Tx,
  reseal: (sealed: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer> | null,
): Promise<void> {
  for (const { sealed } of await tx.$queryRaw<{ sealed: Uint8Array<ArrayBuffer> }[]>`
    SELECT sealed FROM zalo_tokens FOR UPDATE`) {
    const anew = reseal(sealed)
    if (anew) await tx.zaloToken.updateMany({ data: { sealed: anew } })
  }
}
