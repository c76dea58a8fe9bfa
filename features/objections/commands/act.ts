import '#server-only'
import { lockBlockingCase } from '#features/cases/commands/lock.ts'
import { moveCase } from '#features/cases/commands/move.ts'
import { discardUnkept } from '#features/cases/commands/move-with-files.ts'
import type { CaseRefusal } from '#features/cases/rules/transition.ts'
import { keepEvidence, type ReceivedFile } from '#features/evidence/commands.ts'
import type { EvidenceKind } from '#features/evidence/rules/kind.ts'
import { type CaseScope, systemScope } from '#lib/access/scope.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import type { CaseKey } from '#platform/crypto.ts'
import { type Tx, uniqueViolation } from '#platform/db.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { inScope, widenScope } from '#platform/scope.ts'
import { find } from '../data.ts'
import type { ObjectionRefusal } from '../rules/lifecycle.ts'
import type { HolderAct } from '../rules/moves.ts'
import { moveObjection } from './move.ts'

export interface HolderMove {
  /** The objection's key: the caller has received the files under it. */
  readonly key: CaseKey
  /** The version that the page showed. */
  readonly version: number
  readonly act: HolderAct
  readonly message: string
  readonly submitKey: string
  readonly kind: EvidenceKind
  readonly files: readonly ReceivedFile[]
}

export type HolderRefusal = ObjectionRefusal | 'too_many' | 'gone' | 'not_blocked' | 'open_already'

/**
 * Does one act of a holder on their own objection, with the files that came with it, once a `submitKey`. Files that are
 * not kept are removed from the store.
 */
export async function actAsHolder(
  scope: CaseScope,
  move: HolderMove,
  now: Instant,
): Promise<Result<null, HolderRefusal>> {
  const done = await inScope(scope, () => attempt(scope, move, now)).catch((error: unknown) => {
    // Another objection of this holder has been opened meanwhile.
    if (move.act === 'renew' && uniqueViolation(error)) return err('open_already' as const)
    throw error
  })
  await discardUnkept(move.files, done)
  return done.ok ? ok(null) : done
}

const attempt = (scope: CaseScope, move: HolderMove, now: Instant) =>
  actOnce<{ kept: string[] }, HolderRefusal>(
    move.submitKey,
    `objection.${move.key.caseId}.holder`,
    now,
    async (tx) => {
      const { key, version, act, message: text, kind, files } = move
      const actor = { kind: 'citizen' } as const
      const o = await find(scope, { id: key.caseId }, tx)
      if (!o) return err('forbidden')
      if (o.version !== version) return err('stale')
      const moved = await moveObjection(tx, o, actor, { move: act, text }, now)
      if (!moved.ok) return moved
      const again = act === 'renew' ? await objectAgain(tx, o.imei, o.againstId, now) : ok(null)
      if (!again.ok) return again
      if (files.length === 0) return ok({ kept: [] })
      const stored = await keepEvidence(tx, { key, actor, kind, files, eventSeq: version + 1 }, now)
      if (!stored.ok) return stored
      const { repeated } = stored.value
      return ok({ kept: files.filter((file) => !repeated.includes(file)).map((file) => file.id) })
    },
  )

/**
 * Objects to the case's block again, for a renewed look: refused where that block is no longer in force. The case's
 * reporter is told again.
 */
async function objectAgain(
  tx: Tx,
  imei: string,
  againstId: string | null,
  now: Instant,
): Promise<Result<null, 'not_blocked' | 'stale'>> {
  await widenScope(tx, systemScope())
  const c = await lockBlockingCase(tx, imei.slice(0, 14))
  if (c === null || c.id !== againstId) return err('not_blocked')
  if (c.objectedAt !== null) return ok(null)
  const moved = await moveCase(
    tx,
    systemScope(),
    { kind: 'system' },
    { caseId: c.id, version: c.version, move: 'objected' },
    now,
  )
  return moved.ok ? ok(null) : err(refused(moved.error))
}

const refused = (refusal: CaseRefusal): 'not_blocked' | 'stale' =>
  refusal === 'stale' ? 'stale' : 'not_blocked'
