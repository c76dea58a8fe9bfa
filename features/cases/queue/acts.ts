import '#server-only'
import { randomUUID } from 'node:crypto'
import type { StaffActor, StaffReader } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { type CaseScope, staffScope, systemScope } from '#lib/access/scope.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { addMilliseconds, type Instant, MINUTE } from '#lib/time.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { actOnce, runInTransaction } from '#platform/idempotency/commands.ts'
import { inScope, widenScope } from '#platform/scope.ts'
import { readRivalStanding } from '../claims/data.ts'
import { hasDecidedBeforeReview, judgedOther, wroteDown } from '../deciders/data.ts'
import { type DecisionInput, type DecisionRefusal, decideCase } from '../decisions/acts.ts'
import { buttonOf, decisionsOpenTo, moveOf } from '../decisions/rules.ts'
import { discloseCase } from '../disclosure/acts.ts'
import { reasonAtHand } from '../disclosure/rules.ts'
import { moveCase } from '../moves/acts.ts'
import { type Move, ruleOf } from '../moves/rules.ts'
import { findCase, listPhoneKeys } from '../record/data.ts'
import { type WaitingRow, waitingIn } from './row-data.ts'

/** How long a case that waits for a second person is shown to one person only, in milliseconds. */
export const HANDED_OUT = 15 * MINUTE

/** The number of cases read from a list at a time, and the most that are tried; after that the person presses again. */
const BATCH = 20
const MOST_TRIED = 200

/**
 * Returns the lists that a person's next case comes from, in groups: a later group is used only if no case of an earlier one is
 * free. City police take a unit's new reports last, since only they can do the work of the earlier group.
 */
function listsOf(actor: StaffActor): readonly (readonly string[])[] {
  if (actor.role === 'city_police') return [['conflict', 'hold', 'approve'], ['nobody']]
  return [may(actor.role, 'case:approve') ? ['hold', 'approve', 'nobody'] : ['nobody']]
}

/** `taken`: false if the case was only shown, because a case that waits for a second person is not assigned. */
type NextCase = { readonly number: string; readonly taken: boolean }

/**
 * Gives a person the most urgent case that they may decide, at most once for a `submitKey`. No two people get the same
 * one. A report belongs to them from now on; a case that waits for a second person is shown to no other for {@link
 * HANDED_OUT}.
 */
export async function takeNext(
  actor: StaffActor,
  submitKey: string,
  now: Instant,
): Promise<Result<NextCase, 'forbidden' | 'none'>> {
  const scope = staffScope(actor)
  if (!scope || !may(actor.role, 'case:decide')) return err('forbidden')
  return inScope(scope, () =>
    actOnce<NextCase, 'none'>(submitKey, `case.take_next:${actor.id}`, now, async (tx) => {
      for (const lists of listsOf(actor)) {
        const next = await firstOf(tx, scope, actor, lists, now)
        if (next) return ok(next)
      }
      return err('none')
    }),
  )
}

async function firstOf(
  tx: Tx,
  scope: CaseScope,
  actor: StaffActor,
  lists: readonly string[],
  now: Instant,
): Promise<NextCase | null> {
  const tried = new Set<string>()
  const after = new Map<string, WaitingRow>()
  let left = [...lists]
  while (left.length > 0 && tried.size < MOST_TRIED) {
    const found: WaitingRow[] = []
    for (const list of left) {
      const rows = await waitingIn(tx, scope, list, actor.id, after.get(list) ?? null, BATCH)
      found.push(...rows)
      const last = rows.at(-1)
      if (last) after.set(list, last)
      if (rows.length < BATCH) left = left.filter((one) => one !== list)
    }
    for (const { id } of found.toSorted((a, b) => a.at.getTime() - b.at.getTime())) {
      if (tried.has(id)) continue
      tried.add(id)
      const next = await tryOne(tx, scope, actor, id, now)
      if (next) return next
    }
  }
  return null
}

/**
 * Takes or shows a case if it is still free. Skips a case that another transaction has locked, or that this person may not
 * decide.
 */
async function tryOne(tx: Tx, scope: CaseScope, actor: StaffActor, id: string, now: Instant) {
  if (!(await lockIfFree(tx, id)) || (await isHandedOut(tx, id, actor.id, now))) return null
  const c = await findCase(scope, { id }, tx)
  if (!c) return null
  const keys = await listPhoneKeys(c.id, tx)
  const decidedBefore = await hasDecidedBeforeReview(c, actor.id, tx)
  const wrote = await wroteDown(c.id, actor.id, tx)
  // Other claims on the phone may belong to other districts.
  await widenScope(tx, systemScope())
  const judged = keys.length > 0 && (await judgedOther(tx, c.id, keys, actor.id))
  const beside = await readRivalStanding(tx, c.id, keys)
  const open = decisionsOpenTo(c, actor, now, {
    decidedBefore,
    judgedOther: judged,
    wroteDown: wrote,
    ...beside,
  })
  const main = open.main ?? open.others.find((one) => buttonOf(one, c.state).on === 'conflict')
  if (main === undefined) return null
  if (main === 'take') {
    const moved = await moveCase(tx, scope, actor, { caseId: id, version: c.version, move: 'take' }, now)
    return moved.ok ? { number: c.number, taken: true } : null
  }
  // It was taken after the list was read. A supervisor may decide a colleague's case, but is not given one here.
  if (c.assigneeId !== null && !isForSecond(moveOf(main, c.state))) return null
  await handOut(tx, id, actor.id, addMilliseconds(now, HANDED_OUT))
  return { number: c.number, taken: false }
}

async function handOut(tx: Tx, caseId: string, accountId: string, until: Instant): Promise<void> {
  await tx.queueHandout.deleteMany({ where: { caseId } })
  await tx.queueHandout.create({ data: { caseId, accountId, until } })
}

const isHandedOut = async (tx: Tx, caseId: string, accountId: string, now: Instant): Promise<boolean> =>
  (await tx.queueHandout.count({ where: { caseId, accountId: { not: accountId }, until: { gt: now } } })) > 0

async function lockIfFree(tx: Tx, id: string): Promise<boolean> {
  const rows = await tx.$queryRaw<
    unknown[]
  >`SELECT id FROM cases WHERE id = ${id}::uuid FOR UPDATE SKIP LOCKED`
  return rows.length === 1
}

const isForSecond = (move: Move): boolean => ['approver', 'city'].includes(ruleOf(move).who)

/**
 * Takes a case and opens its evidence with one press: two acts, each done at most once for its key and each logged. Returns
 * whether the evidence was opened; the case stays taken if it was not.
 */
export async function takeAndOpen(
  actor: StaffReader,
  input: DecisionInput & { readonly openKey: string },
  now: Instant,
): Promise<Result<boolean, DecisionRefusal>> {
  const taken = await decideCase(actor, { ...input, decision: 'take' }, now)
  if (!taken.ok) return taken
  const scope = staffScope(actor)
  const c = scope && (await findCase(scope, { number: input.number }))
  const reason = c && reasonAtHand(c, actor, now)
  if (!reason) return scope ? ok(false) : err('forbidden')
  const opening = { number: input.number, submitKey: input.openKey, reason, note: '' }
  return ok((await discloseCase(actor, opening, now)).ok)
}

/** The most views that one person keeps, because they are shown side by side as tabs. */
export const MOST_VIEWS = 12
const LONGEST_NAME = 40

/**
 * Keeps a view of the queue for one person, under a name that they choose.
 *
 * @param query the choices as in the address
 */
export const keepView = (
  actor: StaffActor,
  { name, query }: { readonly name: string; readonly query: string },
  now: Instant,
): Promise<Result<string, 'empty' | 'too_long' | 'taken' | 'too_many'>> =>
  runInTransaction(async (tx) => {
    const clean = name.normalize('NFC').replace(/\s+/g, ' ').trim()
    if (clean === '') return err('empty')
    if ([...clean].length > LONGEST_NAME) return err('too_long')
    // Two presses at once would both find room and a free name.
    await lockViews(tx, actor.id)
    const before = await tx.queueView.findFirst({
      where: { accountId: actor.id, name: clean },
      select: { id: true, name: true, query: true },
    })
    // The same form sent twice.
    if (before) return before.query === query ? ok(before.id) : err('taken')
    if ((await tx.queueView.count({ where: { accountId: actor.id } })) >= MOST_VIEWS) return err('too_many')
    const id = randomUUID()
    await tx.queueView.create({ data: { id, accountId: actor.id, name: clean, query, createdAt: now } })
    return ok(id)
  })

async function lockViews(tx: Tx, accountId: string): Promise<void> {
  await tx.$queryRaw`SELECT FROM staff_accounts WHERE id = ${accountId}::uuid FOR NO KEY UPDATE`
}

/** Drops one of the person's own views; a missing one is no error. */
export const dropView = (actor: StaffActor, id: string) =>
  transaction((tx) => tx.queueView.deleteMany({ where: { id, accountId: actor.id } }))
