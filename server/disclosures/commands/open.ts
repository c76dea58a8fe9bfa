import '#server-only'
import { randomUUID } from 'node:crypto'
import type { StaffReader } from '#domain/access/actor.ts'
import { DISCLOSURE_LIFE, type DisclosureReason } from '#domain/case/disclosure.ts'
import { type Instant, plus } from '#domain/time.ts'
import { audit } from '#server/audit/commands.ts'
import { type CaseKey, seal } from '#server/platform/crypto.ts'
import type { Tx } from '#server/platform/db.ts'
import { isOpen } from '../loaders.ts'
import { holdAccount } from '../repository/lookups.ts'
import { insertDisclosure, notePlace } from '../repository/openings.ts'
import { recordLookup } from './lookup.ts'

export interface OpeningRequest {
  readonly key: CaseKey
  /** What the key belongs to: a case, unless told. */
  readonly of?: 'case' | 'objection'
  readonly reason: DisclosureReason
  readonly note: string
  /** How many files lie open with it. */
  readonly files: number
}

/**
 * Opens one case's papers and contact to a reader, in the caller's transaction; what is open already stays so, and is
 * written down once. Whether the reader may is the caller's to know.
 */
export async function openCase(
  tx: Tx,
  reader: StaffReader,
  { key, of = 'case', reason, note, files }: OpeningRequest,
  now: Instant,
): Promise<void> {
  const { caseId } = key
  await holdAccount(tx, reader.id)
  if (await isOpen(reader, caseId, now, tx)) return
  const id = randomUUID()
  await insertDisclosure(tx, {
    id,
    caseId,
    accountId: reader.id,
    sessionId: reader.sessionId,
    role: reader.role,
    areaId: reader.areaId,
    reason,
    note: note === '' ? null : seal(key, notePlace(id), note),
    openedAt: now,
    until: plus(now, DISCLOSURE_LIFE),
  })
  await audit(tx, {
    actor: reader,
    act: `${of}.disclose`,
    subject: { kind: of, id: caseId },
    facts: { opened: 'identity contact evidence', files, reason },
    at: now,
  })
  await recordLookup(tx, reader, now)
}
