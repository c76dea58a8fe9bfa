import '#server-only'
import { audit } from '#features/audit/entries/acts.ts'
import { lockBlockingCase } from '#features/cases/commands/lock.ts'
import { moveCase } from '#features/cases/commands/move.ts'
import { systemScope } from '#lib/access/scope.ts'
import { ok } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { runInTransaction } from '#platform/idempotency/commands.ts'
import { log } from '#platform/log.ts'
import { inScope } from '#platform/scope.ts'
import { moveObjection } from '../acts.ts'
import {
  answersExpired,
  blocksGone,
  type Gone,
  refusedAgainst,
  turnAgainst,
  unfinished,
  waitingAgainst,
} from '../data.ts'
import { dropOldReceipts, removeExpiredDrafts } from '../drafts/data.ts'
import type { ObjectionRefusal } from '../rules/lifecycle.ts'
import type { ObjectionMove } from '../rules/moves.ts'
import type { ObjectionSnapshot } from '../rules/state.ts'

interface EndedBlock {
  readonly caseId: string
  readonly granted: boolean
  /** The case to which the block passed. */
  readonly blockTo?: string
  /** Every carrier has lifted it. */
  readonly done?: true
}

/**
 * Tells the holders who object to a block that it has ended, and whether they were found right. Where the block passed
 * to another case, the phone stays blocked and the objection is turned against that case. Running it twice does no
 * harm.
 */
export const settleObjections = (
  { caseId, granted, blockTo, done }: EndedBlock,
  now: Instant,
): Promise<void> =>
  inScope(systemScope(), async () => {
    const waiting = await transaction((tx) => waitingAgainst(tx, caseId))
    for (const o of waiting) {
      if (blockTo !== undefined && (await follow(o, now))) continue
      const moved = await moveBySystem(o, granted ? 'grant' : 'lift', now)
      // The holder has answered in the same moment: the job runs again and reads the objection anew.
      if (!moved.ok && moved.error === 'stale') throw new Error(`objection ${o.id} moved meanwhile`)
    }
    if (!done) return
    for (const o of await transaction((tx) => unfinished(tx, caseId))) {
      const moved = await moveBySystem(o, 'finish', now)
      if (!moved.ok && moved.error === 'stale') throw new Error(`objection ${o.id} moved meanwhile`)
    }
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

async function turn(tx: Tx, o: ObjectionSnapshot, c: Parameters<typeof turnAgainst>[2], now: Instant) {
  // The holder has acted in the same moment: the job runs again and reads the objection anew.
  if ((await turnAgainst(tx, o, c)) === 'stale') throw new Error(`objection ${o.id} moved meanwhile`)
  const subject = { kind: 'objection', id: o.id } as const
  await audit(tx, {
    actor: { kind: 'system' },
    act: 'objection.follow_block',
    subject,
    caseId: c.id,
    at: now,
  })
}

/**
 * Tells the holders whose objection to a case's block was refused that it is over. Where the block passed to another case,
 * what they can still ask for is turned against that one.
 */
export async function settleRefused(tx: Tx, caseId: string, now: Instant): Promise<void> {
  for (const o of await refusedAgainst(tx, caseId)) {
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
  runInTransaction<null, ObjectionRefusal>(async (tx) => {
    const moved = await moveObjection(tx, o, { kind: 'system' }, { move }, now)
    return moved.ok ? ok(null) : moved
  })

/**
 * Settles an objection whose block has ended, in case the job that would do it is late or lost. The case tells how its
 * block ended.
 */
async function settleGone(o: Gone, now: Instant) {
  const asked = o.renewedAt ?? o.sentAt
  const overturned = o.against?.overturnedAt ?? null
  const granted = asked !== null && overturned !== null && overturned >= asked
  if (!granted && (await follow(o, now))) return ok(null)
  return moveBySystem(o, granted ? 'grant' : 'lift', now)
}

/**
 * Ends what is due: questions without an answer, drafts, secrets on receipts, and objections to blocks that have ended
 * while their own job is late or lost. Each is a transaction of its own, so several runs at once do no harm.
 */
export const runObjectionClocks = (now: Instant, signal?: AbortSignal): Promise<number> =>
  inScope(systemScope(), async () => {
    let done = await dropOldReceipts(now)
    done += await each(await answersExpired(now), (o) => moveBySystem(o, 'expire', now), signal)
    done += await each(await blocksGone(), (o) => settleGone(o, now), signal)
    for (;;) {
      const removed = signal?.aborted ? 0 : await dropDrafts(now)
      if (removed === 0) return done
      done += removed
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

/** Removes some of the drafts whose time is over, with their keys: nothing of them can be read from then on. */
const dropDrafts = (now: Instant): Promise<number> =>
  transaction(async (tx) => {
    const ids = await removeExpiredDrafts(tx, now)
    for (const id of ids) {
      const subject = { kind: 'objection', id } as const
      await audit(tx, { actor: { kind: 'system' }, act: 'objection.expire_draft', subject, at: now })
    }
    return ids.length
  })
