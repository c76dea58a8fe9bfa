import '#server-only'
import type { Actor } from '#domain/access/actor.ts'
import type { Instant } from '#domain/time.ts'
import { audit } from '#server/audit/commands.ts'
import { random } from '#server/platform/crypto.ts'
import { transaction } from '#server/platform/db.ts'
import { carrierKeyHash } from '../loaders/keys.ts'
import { insertKey } from '../repository/carriers.ts'

/**
 * Makes one more API key for a carrier, beside those it has, so that it can change over without a gap. Only its
 * hash is kept: this answer is the one time the key can be read.
 */
export async function issueCarrierKey(carrierId: string, actor: Actor, now: Instant): Promise<string> {
  const apiKey = `antam_${random(32).toString('base64url')}`
  await transaction(async (tx) => {
    const keyId = await insertKey(tx, carrierId, carrierKeyHash(apiKey), now)
    await audit(tx, {
      actor,
      act: 'carrier.key_issued',
      subject: { kind: 'carrier', id: carrierId },
      facts: { key: keyId },
      at: now,
    })
  })
  return apiKey
}
