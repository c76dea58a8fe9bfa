import '#server-only'
import type { ListedHow } from '#generated/prisma/client.ts'
import type { IdentityScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { db } from '#platform/db.ts'
import { inScope } from '#platform/scope.ts'
import { parseCaseNumber } from '../numbers/rules.ts'
import type { CaseHold, CaseState } from '../record/state-rules.ts'

/** A case as its person's list shows it, without its sealed data. */
interface ListedCase {
  readonly id: string
  readonly how: ListedHow
  readonly number: string
  readonly state: CaseState
  readonly watchUntil: Instant | null
  readonly held: CaseHold | null
  readonly brand: string
  readonly model: string
  readonly submittedAt: Instant
  readonly unitId: string
}

const CASE = {
  id: true,
  number: true,
  state: true,
  watchUntil: true,
  held: true,
  brand: true,
  model: true,
  submittedAt: true,
  unitId: true,
} as const

/** Returns a person's list after one of its cases, the latest addition first. */
async function listedAfter(scope: IdentityScope, after: string | null, take: number): Promise<ListedCase[]> {
  const rows = await inScope(scope, () =>
    db.identityCase.findMany({
      where: { identityId: scope.identityId },
      orderBy: [{ addedAt: 'desc' }, { caseId: 'desc' }],
      ...(after !== null && { cursor: { caseId: after }, skip: 1 }),
      take,
      select: { how: true, case: { select: CASE } },
    }),
  )
  return rows.map(({ how, case: c }) => ({ how, ...c }))
}

export async function openListed(
  scope: IdentityScope,
  typed: string,
): Promise<{ readonly caseId: string; readonly number: string } | null> {
  const parsed = parseCaseNumber(typed)
  if (!parsed.ok) return null
  const number = parsed.value
  const where = { number, inList: { identityId: scope.identityId } }
  const row = await inScope(scope, () => db.case.findFirst({ where, select: { id: true } }))
  return row && { caseId: row.id, number }
}

const PAGE = 20

/** Returns a page of the cases in a citizen's list; `next` is the cursor of the following page, null on the last. */
export async function readList(
  scope: IdentityScope,
  after: string | null,
): Promise<{ readonly cases: readonly ListedCase[]; readonly next: string | null }> {
  const found = await listedAfter(scope, after, PAGE + 1)
  const cases = found.slice(0, PAGE)
  return { cases, next: found.length > PAGE ? (cases.at(-1)?.id ?? null) : null }
}
