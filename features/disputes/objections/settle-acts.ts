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
 * Tells the holders who object to a block that it has ended, and whether they were found right. Where the block passed
 * to another case, the phone stays blocked and the objection is turned against that case. Running it twice does no
 * harm.
 */
export const settleObjections = (
  { caseId, granted, blockTo, done }: JobData['objection-settle'],
  now: Instant,
): Promise<void> =>
  inScope(systemScope(), async () => {
    const settle = async (o: ObjectionSnapshot, move: ObjectionMove) => {
      const moved = await moveBySystem(o, move, now)
      // The holder has answered in the same moment: the job runs again and reads the objection anew.
      if (!moved.ok && moved.error === 'stale') throw new Error(`objection ${o.id} moved meanwhile`)
    }
    for (const o of await transaction((tx) => findAgainst(tx, caseId, { waiting: true })))
      if (blockTo === undefined || !(await follow(o, now))) await settle(o, granted ? 'grant' : 'lift')
    if (!done) return
    const untold = { state: 'granted', events: { none: { move: 'finish' } } } as const
    for (const o of await transaction((tx) => findAgainst(tx, caseId, untold))) await settle(o, 'finish')
  })

/**
 * Turns an objection against the case that now blocks its phone, and tells that case's reporter; false where no other
 * case does.
 */
const follow = (o: ObjectionSnapshot, now: Instant): Promise<boolean> =>
  transaction(async (tx) => {
    const c = await lockBlockingCase(tx, o.imei.slice(0, 14))
    if (c === null || c.id === o.againstId) return false
    await turn(tx, o, c, now)
    if (c.objectedAt !== null) return true
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
  // The holder has acted in the same moment: the job runs again and reads the objection anew.
  if (count === 0) throw new Error(`objection ${o.id} moved meanwhile`)
  const subject = { kind: 'objection', id: o.id } as const
  await audit(tx, { actor: { kind: 'system' }, act: 'objection.follow_block', subject, caseId: c.id, at })
}

/**
 * Tells the holders whose objection to a case's block was refused that it is over. Where the block passed to another case,
 * what they can still ask for is turned against that one.
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

/**
 * Settles an objection whose block has ended, in case the job that would do it is late or lost. The case tells how its
 * block ended.
 */
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
 * Reminds of questions, and ends what is due: questions without an answer, drafts, secrets on receipts, and objections to
 * blocks that have ended while their own job is late or lost. Each is a transaction of its own, so several runs at once do
 * no harm.
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
 * Deletes some of the objections that were decided long enough ago, with their keys and everything under them; files leave
 * the store after it. No figure is made of them, so nothing of them stays but the log: in the story of the case that they
 * were against, whose police read there that they were deleted. Answers how many.
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
