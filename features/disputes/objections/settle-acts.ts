import '#server-only'
import { audit } from '#features/audit/entries/acts.ts'
import { lockBlockingCase } from '#features/cases/claims/acts.ts'
import { moveCase } from '#features/cases/moves/acts.ts'
import { deleteExpired } from '#features/drafts/acts.ts'
import { removeEvidenceFiles } from '#features/evidence/files/acts.ts'
import { monthsBefore } from '#features/privacy/erasure/rules.ts'
import { systemScope } from '#lib/access/scope.ts'
import { ok } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { retention } from '#platform/env.ts'
import { runInTransaction } from '#platform/idempotency/commands.ts'
import { log } from '#platform/log.ts'
import type { JobData } from '#platform/queue.ts'
import { inScope } from '#platform/scope.ts'
import { dropOldReceipts, lockExpiredObjections } from '../drafts/data.ts'
import { moveObjection } from './acts.ts'
import {
  findAgainst,
  listAnswersExpired,
  listBlocksGone,
  listObjectionRemindersDue,
  removeClosed,
} from './data.ts'
import type { ObjectionMove, ObjectionRefusal } from './moves-rules.ts'
import type { ObjectionSnapshot } from './rules.ts'

/**
 * Tells the holders who object to a block that it has ended, and whether they were found right. If the block passed to another
 * case, the phone stays blocked and the objection moves to that case. Running it twice is harmless.
 */
export const settleObjections = (
  { caseId, granted, blockTo, done }: JobData['objection-settle'],
  now: Instant,
): Promise<void> =>
  inScope(systemScope(), async () => {
    const settle = async (o: ObjectionSnapshot, move: ObjectionMove) => {
      const moved = await moveBySystem(o, move, now)
      // The holder answered at the same moment: the job runs again and reads the objection anew.
      if (!moved.ok && moved.error === 'changed') throw new Error(`objection ${o.id} moved meanwhile`)
    }
    for (const o of await transaction((tx) => findAgainst(tx, caseId, { waiting: true })))
      if (blockTo === undefined || !(await follow(o, now))) await settle(o, granted ? 'grant' : 'lift')
    if (!done) return
    const untold = { state: 'granted', events: { none: { move: 'finish' } } } as const
    for (const o of await transaction((tx) => findAgainst(tx, caseId, untold))) await settle(o, 'finish')
  })

/** Moves an objection to the case that now blocks its phone and tells that case's reporter; false if no other case does. */
const follow = (o: ObjectionSnapshot, now: Instant): Promise<boolean> =>
  transaction(async (tx) => {
    const c = await lockBlockingCase(tx, o.imei.slice(0, 14))
    if (c === null || c.id === o.againstId) return false
    await turn(tx, o, c, now)
    const move = { caseId: c.id, version: c.version, move: 'objected' } as const
    const told = await moveCase(tx, systemScope(), { kind: 'system' }, move, now)
    if (!told.ok) throw new Error(`objection ${o.id} could not follow its block: ${told.error}`)
    return true
  })

async function turn(
  tx: Tx,
  o: ObjectionSnapshot,
  c: { readonly id: string; readonly unitId: string },
  at: Instant,
) {
  const { count } = await tx.objection.updateMany({
    where: { id: o.id, version: o.version },
    data: { againstId: c.id, unitId: c.unitId, version: { increment: 1 } },
  })
  // The holder acted at the same moment: the job runs again and reads the objection anew.
  if (count === 0) throw new Error(`objection ${o.id} moved meanwhile`)
  const subject = { kind: 'objection', id: o.id } as const
  await audit(tx, { actor: { kind: 'system' }, act: 'objection.follow_block', subject, caseId: c.id, at })
}

/**
 * Tells holders with a refused objection that the block is over. If the block passed to another case, their objection moves to
 * that case, so that they can still ask for a renewed look.
 */
export async function settleRefused(tx: Tx, caseId: string, now: Instant): Promise<void> {
  for (const o of await findAgainst(tx, caseId, { state: 'refused' })) {
    const c = await lockBlockingCase(tx, o.imei.slice(0, 14))
    if (c?.id === caseId) continue
    if (c !== null) {
      await turn(tx, o, c, now)
      continue
    }
    const moved = await moveObjection(tx, o, { kind: 'system' }, { move: 'block_over' }, now)
    if (!moved.ok) throw new Error(`objection ${o.id} was not told of the end of the block: ${moved.error}`)
  }
}

const moveBySystem = (o: ObjectionSnapshot, move: ObjectionMove, now: Instant) =>
  runInTransaction<null, ObjectionRefusal>((tx) => moveObjection(tx, o, { kind: 'system' }, { move }, now))

/** Settles an objection whose block has ended, if the job for it is late or lost. The case shows how its block ended. */
async function settleGone(o: Awaited<ReturnType<typeof listBlocksGone>>[number], now: Instant) {
  const asked = o.renewedAt ?? o.sentAt
  const overturned = o.against?.overturnedAt ?? null
  const granted = asked !== null && overturned !== null && overturned >= asked
  if (!granted && (await follow(o, now))) return ok(null)
  return moveBySystem(o, granted ? 'grant' : 'lift', now)
}

const DRAFTS = {
  act: 'objection.expire_draft',
  subject: 'objection',
  lockExpired: lockExpiredObjections,
} as const

/**
 * Sends reminders of questions, and ends what is due: unanswered questions, drafts, secrets of receipts, and objections to ended
 * blocks whose own job is late or lost. Each is its own transaction, so concurrent runs are harmless.
 */
export const runObjectionClocks = (now: Instant, signal?: AbortSignal): Promise<number> =>
  inScope(systemScope(), async () => {
    let done = await dropOldReceipts(now)
    done += await each(
      await listObjectionRemindersDue(now),
      (o) => moveBySystem(o, 'remind_reply', now),
      signal,
    )
    done += await each(await listAnswersExpired(now), (o) => moveBySystem(o, 'expire', now), signal)
    done += await each(await listBlocksGone(), (o) => settleGone(o, now), signal)
    for (;;) {
      const removed = signal?.aborted ? [] : await deleteExpired(DRAFTS, now)
      if (removed.length === 0) return done
      done += removed.length
    }
  })

async function each<O extends ObjectionSnapshot>(
  found: readonly O[],
  settle: (o: O) => Promise<{ readonly ok: boolean }>,
  signal?: AbortSignal,
): Promise<number> {
  let done = 0
  for (const o of found) {
    if (signal?.aborted) break
    try {
      if ((await settle(o)).ok) done++
    } catch (err) {
      log().error({ err, objectionId: o.id }, 'a clock could not move an objection')
    }
  }
  return done
}

/**
 * Deletes some objections that were decided long enough ago, with their keys and everything under them; files leave the store
 * afterwards. No statistics are kept of them. Only the log remains: in the history of their case, police read that they were
 * deleted. Returns how many.
 */
export async function forgetObjections(now: Instant): Promise<number> {
  const before = monthsBefore(now, retention().objectionMonths)
  const { removed, files } = await inScope(systemScope(), () =>
    transaction(async (tx) => {
      const gone = await removeClosed(tx, before)
      for (const { id, againstId: caseId } of gone.removed)
        await audit(tx, {
          ...{
            actor: { kind: 'system' },
            act: 'objection.erase',
            subject: { kind: 'objection', id },
            at: now,
          },
          ...(caseId && { caseId }),
        })
      return gone
    }),
  )
  await removeEvidenceFiles(files)
  return removed.length
}
