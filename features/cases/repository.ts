import '#server-only'
import type { StatedChanges } from '#features/privacy/rules/correction.ts'
import type { ConsentPurpose } from '#features/reporting/rules/consents.ts'
import type { Prisma } from '#generated/prisma/client.ts'
import type { CaseScope } from '#lib/access/scope.ts'
import { type CaseKey, seal, unseal, unwrap } from '#platform/crypto.ts'
import { db, type Tx } from '#platform/db.ts'
import { deferInsert } from '#platform/deferred-writes.ts'
import { WRAPPED_KEY } from '#platform/key-wrapper.ts'
import { inScope } from '#platform/scope.ts'
import { withUnits } from '#platform/units.ts'
import { followClaims } from './repository/found.ts'
import { UNBLOCK_ASKED } from './rules/moves.ts'
import { type EventWords, opened, type Particulars } from './rules/particulars.ts'
import { SNAPSHOT_FIELDS } from './rules/record.ts'
import type { CaseSnapshot } from './rules/snapshot.ts'
import { ACTIVE_STATES } from './rules/state.ts'
import type { Transition } from './rules/transition.ts'

/** Returns the part of a WHERE that keeps a query inside somebody's scope. */
export function caseInScope(scope: CaseScope): Prisma.CaseWhereInput {
  switch (scope.kind) {
    case 'one':
      return { id: scope.caseId }
    case 'unit':
      return withUnits(scope)
    case 'city':
    case 'system':
      return {}
  }
}

const { primaryClaim: _, imeiUnknown: __, ...COLUMNS } = SNAPSHOT_FIELDS
const SNAPSHOT = {
  ...COLUMNS,
  imeis: { select: { primaryClaim: true }, take: 1, orderBy: { ordinal: 'asc' } },
} as const satisfies Prisma.CaseSelect

type SnapshotRow = Prisma.CaseGetPayload<{ select: typeof SNAPSHOT }>

function toSnapshot({ imeis, unblockReason, ...row }: SnapshotRow): CaseSnapshot {
  return {
    ...row,
    unblockReason: unblockReason as CaseSnapshot['unblockReason'],
    primaryClaim: imeis[0]?.primaryClaim ?? false,
    imeiUnknown: imeis.length === 0,
  }
}

/** Returns what a decision depends on, or null where the scope does not reach: both look the same from outside. */
export async function find(
  scope: CaseScope,
  by: { readonly number: string } | { readonly id: string },
  tx: Tx = db,
): Promise<CaseSnapshot | null> {
  const where = { AND: [by, caseInScope(scope)] }
  const row = await inScope(scope, () => tx.case.findFirst({ where, select: SNAPSHOT }))
  return row && toSnapshot(row)
}

/** Returns the same of several cases, by id. */
export async function findAll(
  scope: CaseScope,
  ids: readonly string[],
): Promise<ReadonlyMap<string, CaseSnapshot>> {
  const where = { AND: [{ id: { in: [...ids] } }, caseInScope(scope)] }
  const rows = await inScope(scope, () => db.case.findMany({ where, select: SNAPSHOT }))
  return new Map(rows.map((row) => [row.id, toSnapshot(row)]))
}

export interface CaseFile {
  readonly key: CaseKey
  readonly particulars: Particulars
  readonly locale: string
  readonly imeis: readonly { readonly imei: string; readonly key14: string }[]
}

/** Returns what a case has under its key, as it is stored. */
export const sealedFile = (caseId: string, tx: Tx = db) =>
  tx.case.findFirstOrThrow({
    where: { id: caseId },
    select: {
      sealed: true,
      locale: true,
      key: { select: WRAPPED_KEY },
      imeis: { select: { imei: true, key14: true }, orderBy: { ordinal: 'asc' } },
    },
  })

/** Returns the same, opened. Throws where it is not what was sealed. */
export function openParticulars(
  caseId: string,
  { sealed, key: wrapped, ...plain }: Awaited<ReturnType<typeof sealedFile>>,
): CaseFile {
  const key = unwrap(caseId, wrapped)
  return { ...plain, key, particulars: opened(unseal<Particulars>(key, 'particulars', sealed)) }
}

/** Returns the sealed part of a case that was found within a scope, opened. */
export const openFile = async (c: Pick<CaseSnapshot, 'id'>, tx: Tx = db): Promise<CaseFile> =>
  openParticulars(c.id, await sealedFile(c.id, tx))

/** Returns the keys of a case's phones in their order, without opening the case. */
export async function phoneKeys(caseId: string, tx: Tx = db): Promise<string[]> {
  const select = { key14: true } as const
  const rows = await tx.caseImei.findMany({ where: { caseId }, orderBy: { ordinal: 'asc' }, select })
  return rows.map(({ key14 }) => key14)
}

/** Returns the language that a case's person is written to in, without opening the case. */
export const localeOf = async (caseId: string, tx: Tx = db): Promise<string> =>
  (await tx.case.findFirstOrThrow({ where: { id: caseId }, select: { locale: true } })).locale

/** Tells whether the case's person agreed to something, in any version of its words, and has not taken it back. */
export const hasConsent = async (caseId: string, purpose: ConsentPurpose, tx: Tx = db): Promise<boolean> =>
  (await tx.consent.count({ where: { caseId, purpose, withdrawnAt: null } })) > 0

/** Returns the ids of the waiting cases that a person has, locked until the transaction ends. */
export async function lockAssigned(tx: Tx, accountId: string): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM cases WHERE assignee_id = ${accountId}::uuid AND needs_work = true ORDER BY id FOR UPDATE`
  return rows.map(({ id }) => id)
}

/**
 * Writes a permitted change, unless the case has moved on since it was read.
 *
 * @param phones the keys of those that it may be named by outside, where that is not all of them
 */
export async function save(
  tx: Tx,
  caseId: string,
  change: Transition,
  phones?: readonly string[],
): Promise<'saved' | 'stale'> {
  const { count } = await tx.case.updateMany({
    where: { id: caseId, version: change.version },
    data: { ...change.set, version: { increment: 1 } },
  })
  if (count === 0) return 'stale'
  if (change.claim === 'release') await setImeis(tx, caseId, { primaryClaim: false })
  // The partial unique index refuses a second claim; the transaction fails whole with it.
  if (change.claim === 'gain') await setImeis(tx, caseId, { primaryClaim: true })
  if (change.claim !== 'keep') await followClaims(tx, { caseId })
  if (change.listed !== undefined) await setImeis(tx, caseId, { isPublic: change.listed }, phones)
  return 'saved'
}

const setImeis = (
  tx: Tx,
  caseId: string,
  data: { primaryClaim: boolean } | { isPublic: boolean },
  phones?: readonly string[],
) => tx.caseImei.updateMany({ where: { caseId, ...(phones && { key14: { in: [...phones] } }) }, data })

/** Seals what a case says anew; what it could be found by is forgotten, to be entered again. */
export async function saveParticulars(tx: Tx, caseId: string, key: CaseKey, p: Particulars): Promise<void> {
  await tx.case.update({
    where: { id: caseId },
    data: { sealed: seal(key, 'particulars', p) },
    select: { id: true },
  })
  await tx.blindIndex.deleteMany({ where: { caseId } })
}

/** Writes what a correction changes of the phone or the incident. */
export async function saveStated(tx: Tx, caseId: string, changes: StatedChanges): Promise<void> {
  await tx.case.update({ where: { id: caseId }, data: changes, select: { id: true } })
}

/** Returns make, model and colour as the reporter stated them. */
export const statedPhone = (
  caseId: string,
  tx: Tx = db,
): Promise<{ readonly brand: string; readonly model: string; readonly colour: string }> =>
  tx.case.findFirstOrThrow({ where: { id: caseId }, select: { brand: true, model: true, colour: true } })

export interface NewEvent {
  readonly caseId: string
  readonly seq: number
  readonly change: Pick<Transition, 'move' | 'from' | 'to' | 'reasonCode' | 'visible'> | InitialChange
  readonly actor: EventActor
  readonly words: EventWords
  readonly at: Date
}
interface InitialChange {
  readonly move: string
  readonly from: null
  readonly to: 'submitted' | 'under_review'
  readonly reasonCode: null
  readonly visible: boolean
}
export type EventActor = Pick<
  Prisma.CaseEventUncheckedCreateInput,
  'actorKind' | 'actorId' | 'actorRole' | 'actorUnitId'
>

export async function addEvent(tx: Tx, key: CaseKey, event: NewEvent): Promise<void> {
  const { move, from, to, reasonCode, visible } = event.change
  const hasWords = Object.values(event.words).some(Boolean)
  const row: Prisma.CaseEventUncheckedCreateInput = {
    caseId: event.caseId,
    seq: event.seq,
    at: event.at,
    move,
    from,
    to,
    reasonCode,
    visible,
    ...event.actor,
    sealed: hasWords ? seal(key, `event:${event.seq}`, event.words) : null,
  }
  await deferInsert(tx, 'case_events', [row])
}

/** Returns how many of a case's versions since one were made by no person: by carriers and by clocks. */
export const countSystemEventsSince = (tx: Tx, caseId: string, since: number): Promise<number> =>
  tx.caseEvent.count({ where: { caseId, seq: { gt: since }, actorKind: { in: ['carrier', 'system'] } } })

/** Returns the newest move that brought a case's block before police to be lifted, if there was one. */
export const unblockAsked = (tx: Tx, caseId: string): Promise<{ move: string }[]> =>
  tx.caseEvent.findMany({
    where: { caseId, move: { in: UNBLOCK_ASKED } },
    orderBy: { seq: 'desc' },
    take: 1,
    select: { move: true },
  })

/**
 * Returns the cases that a case's claim stands against: the holder of the primary claim on one of its phones, and
 * accepted counter-claims. `held` narrows to those that are held because of it.
 */
export async function findOpposingCases(
  tx: Tx,
  caseId: string,
  keys: readonly string[],
  held: boolean,
): Promise<CaseSnapshot[]> {
  const rows = await tx.case.findMany({
    where: {
      id: { not: caseId },
      state: { in: [...ACTIVE_STATES] },
      imeis: { some: { key14: { in: [...keys] } } },
      ...(held
        ? { held: 'conflict' as const }
        : {
            OR: [
              { imeis: { some: { key14: { in: [...keys] }, primaryClaim: true } } },
              { counterclaim: 'accepted' as const },
            ],
          }),
    },
    orderBy: { id: 'asc' },
    select: SNAPSHOT,
  })
  return rows.map(toSnapshot)
}

/** Returns those of these phones that carriers have been told to block on the word of one of these cases. */
export async function listedKeys(
  tx: Tx,
  caseIds: readonly string[],
  keys: readonly string[],
): Promise<string[]> {
  const rows = await tx.caseImei.findMany({
    where: { caseId: { in: [...caseIds] }, key14: { in: [...keys] }, isPublic: true },
    select: { key14: true },
  })
  return [...new Set(rows.map(({ key14 }) => key14))]
}

/** Returns the cases within a scope that are held because of another case's claim. */
export const heldWith = (
  scope: CaseScope,
  caseId: string,
  keys: readonly string[],
): Promise<CaseSnapshot[]> => inScope(scope, () => findOpposingCases(db, caseId, keys, true))

/**
 * Returns a case's opponents, locked with the case itself until the transaction ends. Waits for the transactions that
 * hold one of them, and reads what they leave.
 */
export async function lockOpponents(
  tx: Tx,
  caseId: string,
  keys: readonly string[],
  held: boolean,
): Promise<CaseSnapshot[]> {
  const ids = [caseId, ...(await findOpposingCases(tx, caseId, keys, held)).map(({ id }) => id)]
  await tx.$queryRaw`SELECT 1 FROM cases WHERE id = ANY(${ids}::uuid[]) ORDER BY id FOR UPDATE`
  return findOpposingCases(tx, caseId, keys, held)
}

/**
 * Returns the ids of the objections to a case's block that wait for a decision: their evidence lies under keys of these
 * ids.
 */
export async function objectionsAgainst(caseId: string, tx: Tx = db): Promise<string[]> {
  const where = { againstId: caseId, waiting: true }
  const rows = await tx.objection.findMany({ where, orderBy: { id: 'asc' }, select: { id: true } })
  return rows.map(({ id }) => id)
}

/** Returns the keys of the same objections. */
export async function objectionKeys(tx: Tx, caseId: string): Promise<CaseKey[]> {
  const where = { againstId: caseId, waiting: true }
  const select = { id: true, key: { select: WRAPPED_KEY } }
  const rows = await tx.objection.findMany({ where, orderBy: { id: 'asc' }, select })
  return rows.map(({ id, key }) => unwrap(id, key))
}
