import '#server-only'
import { lockAssignableShared } from '#features/accounts/police-data.ts'
import { tellApprovers, tellCityPolice, tellWaiting } from '#features/accounts/preferences/acts.ts'
import { audit } from '#features/audit/entries/acts.ts'
import { discardFiles, keepEvidence, type ReceivedFile } from '#features/evidence/files/acts.ts'
import type { EvidenceKind } from '#features/evidence/files/rules.ts'
import { holidays } from '#features/lookup-tables/data.ts'
import type { Actor } from '#lib/access/actor.ts'
import { type CaseScope, systemScope } from '#lib/access/scope.ts'
import { MAX_IMEIS } from '#lib/imei/imei.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import type { CaseKey } from '#platform/crypto.ts'
import type { Tx } from '#platform/db.ts'
import { deferInsert } from '#platform/deferred-writes.ts'
import { widenScope } from '#platform/scope.ts'
import { findOpposingCases, listBlockedKeys, listUnprovenRivals, lockOpponents } from '../claims/data.ts'
import { questionOf } from '../deciders/rules.ts'
import { type CaseFile, openCaseFile } from '../particulars/data.ts'
import { joinAnswers } from '../proof/data.ts'
import { asksForCheck, foundOn, wholeCheck } from '../proof/rules.ts'
import { findCase, listPhoneKeys } from '../record/data.ts'
import { applyTransition } from '../record/rules.ts'
import type { CaseSnapshot } from '../record/snapshot-rules.ts'
import { BLOCK_PASSED } from '../remedies/last-box-rules.ts'
import { countWork } from '../work/data.ts'
import { workOf } from '../work/rules.ts'
import { hasHadPart, readMoveFacts } from './facts-acts.ts'
import { decide } from './lifecycle-rules.ts'
import { isBlocked, type Move, needs, ruleOf } from './rules.ts'
import type { CaseRefusal, Transition } from './transition-rules.ts'
import { type CaseMove, type MoveWriting, writeMove } from './write-acts.ts'

export type { CaseMove } from './write-acts.ts'

/**
 * Makes one move on one case and writes everything that follows from it (event, claim, orders, audit entry, message) in
 * the caller's transaction. Refusals change nothing. Returns the case as it was before the move.
 */
export async function moveCase(
  tx: Tx,
  scope: CaseScope,
  actor: Actor,
  input: CaseMove,
  now: Instant,
): Promise<Result<CaseSnapshot, CaseRefusal>> {
  const snapshot = await findCase(scope, { id: input.caseId }, tx)
  if (!snapshot) return err('forbidden')
  if (!(await isAsSeen(tx, snapshot, input.version, actor))) return err('changed')
  if (snapshot.erasedAt !== null) return err('wrong_state')
  // A person who was lent to the case belongs to another unit; the writes that follow are in the case's own unit.
  if (scope.kind === 'unit' && scope.lent?.includes(snapshot.id)) await widenScope(tx, systemScope())
  const file = await openCaseFile(snapshot, tx)
  const setsImei = ruleOf(input.move).setsImei === true
  const keys = setsImei ? (input.imeis ?? []).map(({ key }) => key) : file.imeis.map((imei) => imei.key14)
  if (setsImei && snapshot.imeiUnknown && keys.length === 0) return err('imei_missing')
  const asked = { c: snapshot, file, keys, actor, input, now }
  const { request, proof, agreed, until } = await readMoveFacts(tx, asked)
  const decided = decide(snapshot, request, actor, { now, holidays: await holidays(tx) })
  if (!decided.ok) return decided
  const unfit = setsImei ? unfitBeside(file.imeis, keys) : null
  if (unfit) return err(unfit)
  const { assigneeId } = decided.value.set
  const given = actor.kind !== 'staff' || actor.id !== assigneeId
  if (
    assigneeId &&
    !(await lockAssignableShared(tx, { id: assigneeId, unitId: snapshot.unitId, given }, now))
  )
    return err('assignee_invalid')
  if (needs(input.move, 'assignee') && assigneeId && (await hasHadPart(tx, snapshot, keys, assigneeId)))
    return err('assignee_had_part')
  const left = await passBlockOn(tx, snapshot, decided.value, keys, now)
  if (!left.ok) return left
  const change = left.value === null ? decided.value : { ...decided.value, reasonCode: BLOCK_PASSED }
  const imeiChecks = proof?.can.imeiChecks ?? []
  const check = asksForCheck(input.move) ? wholeCheck(proof?.check ?? {}, imeiChecks, file.imeis) : null
  // Only numbers found on the evidence take a claim, not the case's other numbers.
  if (ruleOf(input.move).takesClaim) await takeClaims(tx, snapshot.id, agreed ?? foundOn(check), now)
  const written = {
    ...input,
    ...(left.value !== null && { blockTo: left.value }),
    ...(until && { says: { ...input.says, until: until.toISOString() } }),
    ...(agreed && { phones: agreed }),
    ...(ruleOf(input.move).endsWatch && { phones: await listAgreedKeys(tx, snapshot.id) }),
  }
  const writing = { c: snapshot, file, change, actor, input: written, check, now }
  if (!(await writeMove(tx, writing))) return err('changed')
  const counts = workOf(snapshot, change, actor, proof?.openedAt ?? null, now)
  await countWork(tx, snapshot.unitId, counts, now)
  if (proof?.openedAt) await recordCheck(tx, writing, proof.openedAt)
  if (leavesConflict(snapshot, change)) await endConflicts(tx, snapshot.id, keys, now)
  await tellStaff(tx, snapshot, input.move, actor, now)
  await endLoans(tx, applyTransition(snapshot, change), now)
  return ok(snapshot)
}

/**
 * Checks whether a case is still the version that the actor saw. For a citizen, changes by carriers and clocks do not count: they
 * come while the citizen writes, and the rules decide whether the act is still possible.
 */
async function isAsSeen(tx: Tx, c: CaseSnapshot, seen: number | null, actor: Actor): Promise<boolean> {
  if (seen === null || seen === c.version) return true
  return actor.kind === 'citizen' && (await countSystemEventsSince(tx, c.id, seen)) === c.version - seen
}

const countSystemEventsSince = (tx: Tx, caseId: string, since: number): Promise<number> =>
  tx.caseEvent.count({ where: { caseId, seq: { gt: since }, actorKind: { in: ['carrier', 'system'] } } })

/** Returns the keys of a case's phones that two people found on the evidence independently. */
async function listAgreedKeys(tx: Tx, caseId: string): Promise<string[]> {
  const rows = await tx.$queryRaw<{ key14: string }[]>`
    SELECT key14 FROM case_imeis WHERE case_id = ${caseId}::uuid AND agreed_by_two(case_id, key14) ORDER BY ordinal`
  return rows.map(({ key14 }) => key14)
}

async function tellStaff(
  tx: Tx,
  { unitId, assigneeId }: CaseSnapshot,
  move: Move,
  actor: Actor,
  now: Instant,
): Promise<void> {
  const { tellsAssignee, tellsApprovers, tellsCity } = ruleOf(move)
  const maker = actor.kind === 'staff' ? actor.id : null
  if (tellsApprovers && maker !== null) await tellApprovers(tx, unitId, maker, tellsApprovers, now)
  if (tellsCity) await tellCityPolice(tx, maker, tellsCity, now)
  if (tellsAssignee && assigneeId !== null && assigneeId !== maker)
    await tellWaiting(tx, [assigneeId], tellsAssignee, now)
}

async function endLoans(tx: Tx, after: CaseSnapshot, now: Instant): Promise<void> {
  const question = questionOf(after)
  const ended = await tx.caseLoan.updateManyAndReturn({
    where: { caseId: after.id, endedAt: null, ...(question !== null && { question: { not: question } }) },
    data: { endedAt: now },
    select: { accountId: true, question: true },
  })
  for (const { accountId, question: of } of ended)
    await audit(tx, {
      actor: { kind: 'system' },
      act: 'case.loan_ended',
      subject: { kind: 'case', id: after.id },
      facts: { account: accountId, question: of },
      at: now,
    })
}

function unfitBeside(imeis: CaseFile['imeis'], keys: readonly string[]): CaseRefusal | null {
  if (imeis.some(({ key14 }) => keys.includes(key14))) return 'imei_repeated'
  return imeis.length + keys.length > MAX_IMEIS ? 'imeis_too_many' : null
}

async function recordCheck(
  tx: Tx,
  { c, change, actor, check, now }: MoveWriting,
  openedAt: Instant,
): Promise<void> {
  if (actor.kind !== 'staff') return
  const event = { caseId: c.id, seq: change.version + 1 }
  await deferInsert(tx, 'proof_checks', [
    {
      ...event,
      ...{ move: change.move, accountId: actor.id, unitId: actor.unitId, openedAt, decidedAt: now },
      ...{ imei: check && joinAnswers(check), byNumber: true },
      ...{ name: check?.checkName ?? null, device: check?.checkDevice ?? null },
    },
  ])
  const imeis = (check?.imeis ?? []).map((one) => ({ ...event, ...one }))
  if (imeis.length > 0) await deferInsert(tx, 'proof_check_imeis', imeis)
}

/**
 * Checks whether a change takes a case out of a conflict and so frees the other cases. If a person settles the conflict, none is
 * freed: that person decides on each case.
 */
const leavesConflict = (before: CaseSnapshot, change: Transition): boolean =>
  before.held === 'conflict' && change.set.held === null && ruleOf(change.move).settlesConflict !== true

/**
 * Passes the block of a case that is withdrawn or expires in a conflict to the cases that still claim its phones, the
 * earliest report first. Must run before the case is written, which lifts the blocks that remain. Returns the first
 * case that has the block now, or null.
 */
async function passBlockOn(
  tx: Tx,
  c: CaseSnapshot,
  change: Transition,
  keys: readonly string[],
  now: Instant,
): Promise<Result<string | null, CaseRefusal>> {
  if (!leavesConflict(c, change) || change.listed !== false) return ok(null)
  await widenScope(tx, systemScope())
  let first: string | null = null
  const open = new Set(keys)
  const others = await lockOpponents(tx, c.id, keys, true)
  for (const to of others.toSorted((a, b) => a.submittedAt.getTime() - b.submittedAt.getTime())) {
    const its = await listPhoneKeys(to.id, tx)
    const shared = its.filter((key) => open.delete(key))
    // An approved case already has its own block.
    if (shared.length === 0 || (isBlocked(to) && to.holdUntil === null)) continue
    // Both of its blocks end together.
    const blockFrom = to.holdUntil === null ? [c.id] : [to.id, c.id]
    const phones = [
      ...(await listBlockedKeys(tx, [c.id], shared)),
      ...(to.holdUntil === null ? [] : await listBlockedKeys(tx, [to.id], its)),
    ]
    if (phones.length === 0) continue
    const move = { caseId: to.id, version: to.version, move: 'keep_block', blockFrom, phones } as const
    const kept = await moveCase(tx, systemScope(), { kind: 'system' }, move, now)
    if (!kept.ok) return kept
    first ??= to.id
  }
  return ok(first)
}

/** Takes the claim on a case's phones from rival cases whose proof was not found good, and tells their people. */
async function takeClaims(tx: Tx, caseId: string, keys: readonly string[], now: Instant): Promise<void> {
  await widenScope(tx, systemScope())
  for (const { id, version } of await listUnprovenRivals(tx, caseId, keys)) {
    const move = { caseId: id, version, move: 'outproven', phones: keys } as const
    const taken = await moveCase(tx, systemScope(), { kind: 'system' }, move, now)
    if (!taken.ok) throw new Error(`the claim of case ${id} was not taken: ${taken.error}`)
  }
}

/** Frees the cases that were held only because of a claim that is gone now. */
export async function endConflicts(
  tx: Tx,
  caseId: string,
  keys: readonly string[],
  now: Instant,
): Promise<void> {
  await widenScope(tx, systemScope())
  const calendar = { now, holidays: await holidays(tx) }
  for (const other of await lockOpponents(tx, caseId, keys, true)) {
    const its = await listPhoneKeys(other.id, tx)
    const still = await findOpposingCases(tx, other.id, its, true)
    if (still.some((one) => one.id !== caseId)) continue
    const freed = decide(other, { move: 'uncontested' }, { kind: 'system' }, calendar)
    if (!freed.ok) continue
    const file = await openCaseFile(other, tx)
    await writeMove(tx, {
      c: other,
      file,
      change: freed.value,
      actor: { kind: 'system' },
      input: {},
      check: null,
      now,
    })
  }
}

export interface MoveWithFiles extends Pick<CaseMove, 'move' | 'text' | 'imeis' | 'particulars' | 'changes'> {
  readonly key: CaseKey
  readonly version: number
  readonly kind: EvidenceKind
  readonly files: readonly ReceivedFile[]
}

export type FilesRefusal = CaseRefusal | 'too_many' | 'gone'

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
 * Removes the files that a move did not keep: it was refused, was done before, or the case already had the file. After an
 * unexpected failure it is unknown which files were kept; the store's own sweep finds orphans.
 */
export const discardUnkept = (
  files: readonly ReceivedFile[],
  done: Result<{ readonly kept: readonly string[] }, unknown>,
): Promise<void> => {
  const kept = done.ok ? done.value.kept : []
  return discardFiles(files.filter((file) => !kept.includes(file.id)).map(ok))
}
