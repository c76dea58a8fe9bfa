import '#server-only'
import type { StaffActor } from '#domain/access/actor.ts'
import { may } from '#domain/access/roles.ts'
import type { EntryProof } from '#domain/audit/proof.ts'
import type { Instant } from '#domain/time.ts'
import { transaction } from '#server/platform/db.ts'
import { audit } from '../commands.ts'
import { entryWithProof } from '../loaders/proofs.ts'

/** The proof of an entry for an auditor to take away, which is an entry too; null where there is none to take. */
export async function takeProof(actor: StaffActor, id: bigint, now: Instant): Promise<EntryProof | null> {
  if (!may(actor.role, 'audit:read')) return null
  const found = await entryWithProof(id)
  if (!found?.proof) return null
  await transaction((tx) =>
    audit(tx, {
      actor: { kind: 'staff', id: actor.id },
      act: 'audit.take_proof',
      subject: { kind: 'entry', id: String(id) },
      at: now,
    }),
  )
  return found.proof
}
