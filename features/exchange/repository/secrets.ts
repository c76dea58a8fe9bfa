import '#server-only'
import type { Instant } from '#lib/time.ts'
import { db, type Tx } from '#platform/db.ts'

type Sealed = Uint8Array<ArrayBuffer>

/** Keeps a carrier's secrets as they are until the transaction ends; false where it has no address to push to. */
export async function lockWebhook(tx: Tx, carrierId: string): Promise<boolean> {
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM carrier_webhooks WHERE carrier_id = ${carrierId} FOR UPDATE`
  return rows.length > 0
}

export interface SecretRow {
  readonly id: string
  readonly sealed: Sealed
}

/** Returns a carrier's live secrets, the newest first. */
export const liveSecretRows = (tx: Tx, carrierId: string): Promise<SecretRow[]> =>
  tx.webhookSecret.findMany({
    where: { carrierId, revokedAt: null },
    orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
    select: { id: true, sealed: true },
  })

export async function insertSecret(
  tx: Tx,
  secret: SecretRow & { readonly carrierId: string; readonly createdAt: Instant },
): Promise<void> {
  await tx.webhookSecret.create({ data: secret, select: { id: true } })
}

/** Returns those of some ids that are a secret's, live or not. */
export const secretsAmong = async (ids: readonly string[], tx: Tx = db): Promise<string[]> =>
  (await tx.webhookSecret.findMany({ where: { id: { in: [...ids] } }, select: { id: true } })).map(
    ({ id }) => id,
  )

/** Returns a secret that is still live; null for any other. */
export const sealedSecret = async (id: string): Promise<Sealed | null> =>
  (await db.webhookSecret.findFirst({ where: { id, revokedAt: null }, select: { sealed: true } }))?.sealed ??
  null

/** Revokes a secret; returns whether it was live until now, or null where the carrier has no such secret. */
export async function revokeSecret(
  tx: Tx,
  carrierId: string,
  id: string,
  at: Instant,
): Promise<boolean | null> {
  if ((await tx.webhookSecret.count({ where: { id, carrierId } })) === 0) return null
  const { count } = await tx.webhookSecret.updateMany({
    where: { id, revokedAt: null },
    data: { revokedAt: at },
  })
  return count === 1
}

/** Seals every secret anew that `reseal` answers something for. */
export async function resealSecrets(
  tx: Tx,
  reseal: (id: string, sealed: Sealed) => Sealed | null,
): Promise<void> {
  for (const { id, sealed } of await tx.webhookSecret.findMany({ select: { id: true, sealed: true } })) {
    const anew = reseal(id, sealed)
    if (anew) await tx.webhookSecret.update({ where: { id }, data: { sealed: anew }, select: { id: true } })
  }
}
