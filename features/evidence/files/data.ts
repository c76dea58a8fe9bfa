import '#server-only'
import { Prisma } from '#generated/prisma/client.ts'
import type { CaseScope } from '#lib/access/scope.ts'
import { type CaseKey, unseal, unwrap } from '#platform/crypto.ts'
import { db, rawQuery, type Tx } from '#platform/db.ts'
import { WRAPPED_KEY } from '#platform/key-wrapper.ts'
import { inScope, oncePerPage } from '#platform/scope.ts'
import { withUnits } from '#platform/units.ts'

/** Returns the WHERE condition of a scope. A citizen with status access sees no files; police see no files of drafts. */
export function writeEvidenceScope(scope: CaseScope): Prisma.EvidenceWhereInput {
  switch (scope.kind) {
    case 'one':
      return { caseId: scope.access === 'full' ? scope.caseId : { in: [] } }
    case 'unit':
      return { key: { OR: [{ case: withUnits(scope) }, { objection: withUnits(scope) }] } }
    case 'city':
    case 'system':
      return { key: { OR: [{ case: { isNot: null } }, { objection: { unitId: { not: null } } }] } }
  }
}

const ROW = {
  id: true,
  caseId: true,
  kind: true,
  state: true,
  sealed: true,
  mediaType: true,
  byteSize: true,
  viewKey: true,
  viewWidth: true,
  viewHeight: true,
  pageWidths: true,
  pageHeights: true,
  turns: true,
  scan: true,
  scanFinding: true,
  eventSeq: true,
  createdAt: true,
  key: { select: WRAPPED_KEY },
} as const satisfies Prisma.EvidenceSelect

type Row = Prisma.EvidenceGetPayload<{ select: typeof ROW }>

export type StoredEvidence = Omit<Row, 'sealed' | 'key'> & {
  readonly fileName: string | null
  readonly key: CaseKey
}

function toStored({ sealed, key, ...row }: Row): StoredEvidence {
  const caseKey = unwrap(row.caseId, key)
  const { fileName } = unseal<{ fileName: string | null }>(caseKey, `evidence:${row.id}`, sealed)
  return { ...row, fileName, key: caseKey }
}

/** Returns the files of a case or draft in order of arrival; none outside the scope. */
export async function list(scope: CaseScope, caseId: string, tx: Tx = db): Promise<StoredEvidence[]> {
  return inScope(scope, () =>
    tx === db ? listOnPage(JSON.stringify([scope, caseId])) : readList(scope, caseId, tx),
  )
}

async function readList(scope: CaseScope, caseId: string, tx: Tx): Promise<StoredEvidence[]> {
  const rows = await tx.evidence.findMany({
    where: { AND: [{ caseId }, writeEvidenceScope(scope)] },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    select: ROW,
  })
  return rows.map(toStored)
}

const listOnPage = oncePerPage((asked) => {
  const [scope, caseId] = JSON.parse(asked) as [CaseScope, string]
  return readList(scope, caseId, db)
})

/** Returns one file; null if it does not exist or is outside the scope, so that a caller cannot tell the two apart. */
export async function findFile(scope: CaseScope, id: string, tx: Tx = db): Promise<StoredEvidence | null> {
  const where = { AND: [{ id }, writeEvidenceScope(scope)] }
  const row = await inScope(scope, () => tx.evidence.findFirst({ where, select: ROW }))
  return row && toStored(row)
}

export async function findForJob(id: string): Promise<StoredEvidence | null> {
  const row = await db.evidence.findFirst({ where: { id }, select: ROW })
  return row && toStored(row)
}

/** Locks the files of a case or draft until the transaction ends and returns their ids; null if it is gone. */
export async function lockFiles(tx: Tx, caseId: string): Promise<readonly string[] | null> {
  const lock = Prisma.sql`SELECT lock_files(${caseId}::uuid) AS ids`
  return (await rawQuery<{ ids: string[] | null }>(tx, lock))[0]?.ids ?? null
}

export async function count(caseId: string, tx: Tx = db): Promise<number> {
  const all = Prisma.sql`SELECT count(*)::int AS files FROM evidence WHERE case_id = ${caseId}::uuid`
  const [row] = await rawQuery<{ files: number }>(tx, all)
  return row?.files ?? 0
}

/** Returns whether the draft was sent, as a case or an objection: its files then belong to what police decide on. */
export async function isSent(tx: Tx, caseId: string): Promise<boolean> {
  const select = { id: true } as const
  const [sent, objection] = [
    await tx.case.findFirst({ where: { id: caseId }, select }),
    await tx.objection.findFirst({ where: { id: caseId, state: { not: 'draft' } }, select }),
  ]
  return sent !== null || objection !== null
}
