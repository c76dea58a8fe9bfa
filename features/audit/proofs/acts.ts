import '#server-only'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import type { Instant } from '#lib/time.ts'
import { transaction } from '#platform/db.ts'
import { type AuditedAct, audit } from '../entries/acts.ts'
import type { AuditAct } from '../entries/names-rules.ts'
import { readEntryWithProof, readStoryWithProofs } from './data.ts'
import type { EntryProof } from './rules.ts'
import type { StoryProof } from './story-rules.ts'

/** Returns an entry's proof for an auditor and audits that. null if there is no proof. */
export async function takeProof(actor: StaffActor, id: bigint, now: Instant): Promise<EntryProof | null> {
  const found = await readEntryWithProof(actor, id)
  if (!found?.proof) return null
  await taken(actor, 'audit.take_proof', { kind: 'entry', id: String(id) }, {}, now)
  return found.proof
}

export async function takeStory(actor: StaffActor, caseId: string, now: Instant): Promise<StoryProof | null> {
  if (!may(actor.role, 'audit:read')) return null
  const story = await readStoryWithProofs(caseId)
  if (!story) return null
  const facts = { lines: story.entries.length, size: story.size }
  await taken(actor, 'audit.take_story', { kind: 'case', id: caseId }, facts, now)
  return story
}

const taken = (
  { id }: StaffActor,
  act: AuditAct,
  subject: AuditedAct['subject'],
  facts: NonNullable<AuditedAct['facts']>,
  at: Instant,
): Promise<void> => transaction((tx) => audit(tx, { actor: { kind: 'staff', id }, act, subject, facts, at }))
