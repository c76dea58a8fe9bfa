import '#server-only'
import { discardFiles, keepEvidence, type ReceivedFile } from '#features/evidence/files/acts.ts'
import type { EvidenceKind } from '#features/evidence/files/kind-rules.ts'
import type { Actor } from '#lib/access/actor.ts'
import type { CaseScope } from '#lib/access/scope.ts'
import { ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import type { CaseKey } from '#platform/crypto.ts'
import type { Tx } from '#platform/db.ts'
import { type CaseMove, moveCase } from './acts.ts'
import type { CaseRefusal } from './transition-rules.ts'

export interface MoveWithFiles extends Pick<CaseMove, 'move' | 'text' | 'imeis' | 'particulars' | 'changes'> {
  /** The key of the case, under which the caller has received the files. */
  readonly key: CaseKey
  /** The version that the page showed. */
  readonly version: number
  readonly kind: EvidenceKind
  readonly files: readonly ReceivedFile[]
}

export type FilesRefusal = CaseRefusal | 'too_many' | 'gone'

/** Makes a move with the files that came with it, in the caller's transaction. Answers the ids of those that are kept. */
export async function moveWithFiles(
  tx: Tx,
  scope: CaseScope,
  actor: Actor,
  { key, version, kind, files, ...move }: MoveWithFiles,
  now: Instant,
): Promise<Result<{ kept: string[] }, FilesRefusal>> {
  const moved = await moveCase(tx, scope, actor, { ...move, caseId: key.caseId, version }, now)
  if (!moved.ok) return moved
  if (files.length === 0) return ok({ kept: [] })
  const stored = await keepEvidence(tx, { key, actor, kind, files, eventSeq: moved.value.version + 1 }, now)
  if (!stored.ok) return stored
  const { repeated } = stored.value
  return ok({ kept: files.filter((file) => !repeated.includes(file)).map((file) => file.id) })
}

/**
 * Removes from the store what a move has not kept: it was refused, done before, or the case had the file already. After an
 * unexpected failure nobody knows what was kept: the store's own sweep finds what belongs to nothing.
 */
export const discardUnkept = (
  files: readonly ReceivedFile[],
  done: Result<{ readonly kept: readonly string[] }, unknown>,
): Promise<void> => {
  const kept = done.ok ? done.value.kept : []
  return discardFiles(files.filter((file) => !kept.includes(file.id)).map(ok))
}
