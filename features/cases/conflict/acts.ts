import '#server-only'
import type { StaffActor } from '#lib/access/actor.ts'
import { type CaseScope, systemScope } from '#lib/access/scope.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { widenScope } from '#platform/scope.ts'
import { listBlockedKeys, lockClaims, lockOpponents } from '../claims/data.ts'
import { type CaseMove, endConflicts, moveCase } from '../moves/acts.ts'
import { isBlocked } from '../moves/rules.ts'
import type { CaseRefusal } from '../moves/transition-rules.ts'
import { parseCaseNumber } from '../numbers/rules.ts'
import { findCase, findLocale, listPhoneKeys } from '../record/data.ts'
import type { CaseSnapshot } from '../record/snapshot-rules.ts'

type Decision = Pick<CaseMove, 'caseId' | 'version' | 'reasonCode' | 'text' | 'note' | 'check'>

/** Begins a conflict: holds the case and every proven case on its phones until city police uphold one. */
export async function beginConflict(
  tx: Tx,
  scope: CaseScope,
  actor: StaffActor,
  input: Decision,
  now: Instant,
): Promise<Result<CaseSnapshot, CaseRefusal>> {
  const accepted = await moveCase(tx, scope, actor, { ...input, move: 'accept_counterclaim' }, now)
  if (!accepted.ok) return accepted
  // The other case may be in another district: only this decision reaches it.
  await widenScope(tx, systemScope())
  const against = await lockOpponents(tx, input.caseId, await listPhoneKeys(input.caseId, tx), false)
  if (against.length === 0) return err('no_conflict')
  for (const other of against) {
    if (other.held === 'conflict') continue
    const move = { caseId: other.id, version: other.version, move: 'contested' } as const
    const contested = await moveCase(tx, systemScope(), actor, move, now)
    if (!contested.ok) return contested
  }
  return accepted
}

/**
 * Upholds one of the cases held over a phone, named by its number. Every opponent is rejected with the same words, with all its
 * numbers, because they are one phone's. But an opponent whose further numbers were found to be of another phone goes on with
 * these. A case that opposed only a rejected case is free again. A block in force is not lifted: it passes with the phone, to the
 * upheld case or, for another phone of a rejected case, to the case that claims that phone.
 */
export async function resolveConflict(
  tx: Tx,
  scope: CaseScope,
  actor: StaffActor,
  input: Decision & {
    readonly upheld: string
    /** The numbers of the sides whose further IMEIs were found to be of another phone. */
    readonly otherPhone: readonly string[]
    /** Returns the ready words in the language of a side; undefined: `text` goes to all. */
    readonly textIn?: (locale: string) => string | undefined
  },
  now: Instant,
): Promise<Result<CaseSnapshot, CaseRefusal>> {
  const found = await findCase(scope, { id: input.caseId }, tx)
  if (!found) return err('forbidden')
  const keys = await listPhoneKeys(found.id, tx)
  // A person who was lent to the conflict reaches each of its sides, but otherwise only their own unit.
  if (scope.kind === 'unit' && scope.lent?.includes(found.id)) await widenScope(tx, systemScope())
  // Locks all claims on the phones in one order, because the upheld case takes the claim from any of them.
  await lockClaims(tx, found.id, keys)
  const others = await lockOpponents(tx, found.id, keys, true)
  // Read again: it may have been settled while we waited for the lock.
  const shown = await findCase(scope, { id: found.id }, tx)
  if (shown?.version !== input.version) return err('changed')
  const number = parseCaseNumber(input.upheld)
  const winner = [shown, ...others].find((one) => number.ok && one.number === number.value)
  if (!winner) return err('not_in_conflict')
  const losers = await lockOpponents(tx, winner.id, await listPhoneKeys(winner.id, tx), true)
  const words = { text: input.text, note: input.note }
  const lost = new Map<string, readonly string[]>()
  for (const one of losers)
    if (input.otherPhone.includes(one.number)) lost.set(one.id, await numbersLost(tx, one, winner))
  const kept = await passBlocks(tx, scope, actor, winner, losers, lost, now)
  if (!kept.ok) return kept
  for (const { id, version } of losers) {
    const phones = lost.get(id) ?? []
    const passed = kept.value.has(id)
    const reasonCode = passed ? 'other_claim_blocked' : 'other_claim'
    const own = input.textIn?.(await findLocale(id, tx)) ?? words.text
    const blockTo = kept.value.get(id)
    const move =
      phones.length > 0
        ? ({ move: 'overruled_in_part', phones } as const)
        : ({ move: 'overruled', reasonCode, ...(blockTo && { blockTo }) } as const)
    const overruled = await moveCase(
      tx,
      scope,
      actor,
      { caseId: id, version, ...words, text: own, ...move },
      now,
    )
    if (!overruled.ok) return overruled
  }
  const { check = {} } = input
  const { reasonCode } = input
  const move = { caseId: winner.id, version: null, move: 'upheld', check, reasonCode, ...words } as const
  const upheld = await moveCase(tx, scope, actor, move, now)
  if (!upheld.ok) return upheld
  for (const { id } of losers) await endConflicts(tx, id, await listPhoneKeys(id, tx), now)
  return upheld
}

/**
 * Returns the numbers that a side loses to the upheld case while it goes on with its other numbers, which no other case contests;
 * empty if the side is rejected whole. A block in force is split only if every carrier has applied it, one of the other numbers
 * stays blocked, and no holder objects to it.
 */
async function numbersLost(tx: Tx, loser: CaseSnapshot, winner: CaseSnapshot): Promise<readonly string[]> {
  const [own, theirs] = [await listPhoneKeys(loser.id, tx), await listPhoneKeys(winner.id, tx)]
  const rest = own.filter((key) => !theirs.includes(key))
  if (rest.length === 0 || loser.objectedAt !== null) return []
  if ((await lockOpponents(tx, loser.id, rest, true)).length > 0) return []
  if (isBlocked(loser)) {
    const applied = loser.state === 'blocked' && loser.holdUntil === null
    if (!applied || (await listBlockedKeys(tx, [loser.id], rest)).length === 0) return []
  }
  return own.filter((key) => theirs.includes(key))
}

/**
 * Passes the blocks of cases that are about to be rejected to the cases that claim the same phones, the upheld case first. A
 * passed block lasts until the decision is due, even if the upheld case already had a temporary block. Must run before the
 * rejections, which lift the remaining blocks. Returns, by the rejected case's id, the case that each block passed to.
 */
async function passBlocks(
  tx: Tx,
  scope: CaseScope,
  actor: StaffActor,
  winner: CaseSnapshot,
  losers: readonly CaseSnapshot[],
  lost: ReadonlyMap<string, readonly string[]>,
  now: Instant,
): Promise<Result<ReadonlyMap<string, string>, CaseRefusal>> {
  const passed = new Map<string, string>()
  const blocked = losers.filter(isBlocked)
  const gone = new Set(losers.map(({ id }) => id))
  const taken = new Set<string>()
  const bystanders: CaseSnapshot[] = []
  const phonesOf = new Map<string, readonly string[]>()
  for (const loser of blocked) {
    const part = lost.get(loser.id) ?? []
    const its = part.length > 0 ? part : await listPhoneKeys(loser.id, tx)
    phonesOf.set(loser.id, its)
    for (const one of await lockOpponents(tx, loser.id, its, true)) {
      const known = one.id === winner.id || gone.has(one.id) || bystanders.some(({ id }) => id === one.id)
      if (!known) bystanders.push(one)
    }
  }
  for (const to of [winner, ...bystanders.toSorted(byAge)]) {
    const keys = (await listPhoneKeys(to.id, tx)).filter((key) => !taken.has(key))
    const from: string[] = to.id === winner.id && to.holdUntil !== null ? [to.id] : []
    for (const [id, its] of phonesOf) if (its.some((key) => keys.includes(key))) from.push(id)
    for (const key of keys) taken.add(key)
    // A case whose own block was approved keeps it.
    if (isBlocked(to) && to.holdUntil === null) continue
    const phones = await listBlockedKeys(tx, from, keys)
    if (phones.length === 0) continue
    const move = { caseId: to.id, version: to.version, move: 'keep_block', blockFrom: from } as const
    const kept = await moveCase(tx, scope, actor, { ...move, phones }, now)
    if (!kept.ok) return kept
    for (const id of from) if (id !== to.id && !passed.has(id)) passed.set(id, to.id)
  }
  return ok(passed)
}

const byAge = (a: CaseSnapshot, b: CaseSnapshot) => a.submittedAt.getTime() - b.submittedAt.getTime()
