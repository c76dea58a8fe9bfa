import '#server-only'
import { groupByDay, type OpeningsOfADay } from '#features/cases/disclosure/rules.ts'
import { Prisma } from '#generated/prisma/client.ts'
import type { StaffReader } from '#lib/access/actor.ts'
import { type CaseScope, staffScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { unseal, unwrap } from '#platform/crypto.ts'
import { db, rawQuery, type Tx } from '#platform/db.ts'
import { WRAPPED_KEY } from '#platform/key-wrapper.ts'
import { inScope } from '#platform/scope.ts'
import { withUnits } from '#platform/units.ts'

export async function openedCases(
  { sessionId }: StaffReader,
  caseIds: readonly string[],
  now: Instant,
  tx: Tx = db,
): Promise<ReadonlyMap<string, Instant>> {
  const rows = await tx.disclosure.findMany({
    where: { sessionId, caseId: { in: [...caseIds] }, until: { gt: now } },
    select: { caseId: true, until: true },
  })
  return new Map(rows.map(({ caseId, until }) => [caseId, until]))
}

export const isOpenTo = async (
  reader: StaffReader,
  caseId: string,
  now: Instant,
  tx?: Tx,
): Promise<boolean> => (await openedCases(reader, [caseId], now, tx)).has(caseId)

/** The present evidence under a key, and when a person first opened this version; null if they have not. */
export interface OpenedProof {
  readonly files: number
  readonly openedAt: Instant | null
}

/**
 * Reads {@link OpenedProof} and locks the evidence until the transaction ends. A simultaneous change waits, or is counted
 * already. One indexed read.
 */
export async function openedProof(tx: Tx, accountId: string, caseId: string): Promise<OpenedProof | null> {
  // If this statement had to wait for a change, that change has raised the version above all openings that it sees.
  const query = Prisma.sql`
    SELECT (SELECT count(*)::int FROM evidence e WHERE e.case_id = k.case_id) AS files,
      (SELECT min(d.opened_at) FROM disclosures d
        WHERE d.case_id = k.case_id AND d.account_id = ${accountId}::uuid AND d.proof_version = k.proof_version
      ) AS "openedAt"
    FROM case_keys k WHERE k.case_id = ${caseId}::uuid FOR SHARE`
  const [row] = await rawQuery<{ files: number; openedAt: Instant | null }>(tx, query)
  return row ?? null
}

/** Returns which of the cases a reader has opened since their evidence last changed. */
export async function seenCases(
  reader: StaffReader,
  caseIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const scope = staffScope(reader)
  if (!scope || caseIds.length === 0) return new Set()
  const query = Prisma.sql`
    SELECT DISTINCT k.case_id AS id FROM case_keys k JOIN disclosures d USING (case_id, proof_version)
    WHERE k.case_id = ANY(${[...caseIds]}::uuid[]) AND d.account_id = ${reader.id}::uuid`
  const rows = await inScope(scope, () => rawQuery<{ id: string }>(db, query))
  return new Set(rows.map(({ id }) => id))
}

/** Limits openings to a reader's scope. A visit with access to the status only sees none. */
function within(scope: CaseScope): Prisma.DisclosureWhereInput {
  switch (scope.kind) {
    case 'one':
      return { caseId: scope.access === 'full' ? scope.caseId : { in: [] } }
    case 'unit':
      return { key: { OR: [{ case: withUnits(scope) }, { objection: withUnits(scope) }] } }
    case 'city':
    case 'system':
      return {}
  }
}

/** Openings read for a page; beyond it the page only says that there are more. */
const MOST = 100

/** Returns who opened a case's papers and contact, by day and without notes, for its citizen. */
export async function whoLooked(
  scope: CaseScope,
  caseId: string,
): Promise<{ readonly days: readonly OpeningsOfADay[]; readonly more: boolean }> {
  const rows = await inScope(scope, () =>
    db.disclosure.findMany({
      where: { AND: [{ caseId }, within(scope)] },
      orderBy: { openedAt: 'desc' },
      take: MOST + 1,
      select: { openedAt: true, unitId: true, reason: true },
    }),
  )
  const found = rows.map(({ openedAt: at, ...row }) => ({ at, ...row }))
  return { days: groupByDay(found.slice(0, MOST)), more: found.length > MOST }
}

export type OpeningForPolice = Awaited<ReturnType<typeof openingsOf>>[number]

export async function openingsOf(scope: CaseScope, caseId: string) {
  const rows = await inScope(scope, () =>
    db.disclosure.findMany({
      where: { AND: [{ caseId }, within(scope)] },
      orderBy: { openedAt: 'desc' },
      take: 20,
      select: {
        ...{ id: true, openedAt: true, accountId: true, unitId: true, reason: true, note: true },
        key: { select: WRAPPED_KEY },
      },
    }),
  )
  return rows.map(({ openedAt: at, note, key, ...row }) => ({
    ...row,
    at,
    note: note && unseal<string>(unwrap(caseId, key), notePlace(row.id), note),
  }))
}

export async function openersOf(scope: CaseScope, caseId: string) {
  const rows = await inScope(scope, () =>
    db.disclosure.groupBy({
      by: ['accountId'],
      where: { AND: [{ caseId }, within(scope)] },
      _max: { openedAt: true },
      orderBy: { _max: { openedAt: 'desc' } },
    }),
  )
  return rows.flatMap(({ accountId, _max: { openedAt: at } }) => (at ? [{ accountId, at }] : []))
}

export const notePlace = (id: string): string => `disclosure:${id}`
