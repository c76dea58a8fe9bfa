import '#server-only'
import { subjectsAsked } from '#features/approvals/data.ts'
import { listConsents } from '#features/cases/file/page-data.ts'
import { readCaseSnapshot, readWordsAt } from '#features/cases/record/page-data.ts'
import type { CaseSnapshot } from '#features/cases/record/snapshot-rules.ts'
import { Prisma } from '#generated/prisma/client.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { type CaseScope, citizenScope, staffScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { db } from '#platform/db.ts'
import { env, retention } from '#platform/env.ts'
import { inScope } from '#platform/scope.ts'
import { ofUnits } from '#platform/units.ts'
import { readTies } from './erasure/data.ts'
import { keptBecause } from './erasure/rules.ts'
import { readLegalHold } from './legal-holds/data.ts'
import { listRequests } from './requests/data.ts'
import { type DataRequestItem, erasureSubject } from './requests/rules.ts'

export { retention } from '#platform/env.ts'

export const readNoticeSettings = () => ({
  ...retention(),
  authority: env().AUTHORITY_NAME,
  basis: env().LEGAL_BASIS,
  contact: env().PRIVACY_CONTACT,
})

export type DataStanding = Awaited<ReturnType<typeof dataStanding>>

/**
 * Returns the person's requests about their data, what forbids an erasure, and the consents. The caller has found the case
 * within a scope.
 */
export async function dataStanding(c: CaseSnapshot, scope: CaseScope = citizenScope(c.id, 'full')) {
  const [requests, ties, { hold }, consents] = await inScope(scope, () =>
    Promise.all([listRequests(c.id), readTies(c.id), readLegalHold(c.id), listConsents(c.id)]),
  )
  return { requests, kept: keptBecause(c, ties), legalHold: hold, consents }
}

/** Returns a case's number and the words of the proposal in its event `seq`; null outside the reader's scope. */
export async function readProposedWords(
  actor: StaffActor,
  { caseId, seq }: { readonly caseId: string; readonly seq: number },
): Promise<{ readonly number: string; readonly words: string } | null> {
  const scope = staffScope(actor)
  if (!scope) return null
  return inScope(scope, async () => {
    const c = await readCaseSnapshot(scope, caseId)
    return (
      c && { number: c.number, words: (c.erasedAt === null && (await readWordsAt(caseId, seq, db))) || '' }
    )
  })
}

const PAGE = 25

/**
 * Returns a page of open requests that the actor may answer, earliest due first; `proposed` marks those with a proposed erasure.
 */
export async function readRequestsPage(
  actor: StaffActor,
  after: { readonly dueAt: Instant; readonly id: string } | null,
) {
  const scope = may(actor.role, 'case:decide_data') ? staffScope(actor) : null
  const rows = scope ? await openRequests(scope, after, PAGE + 1) : []
  const asked = await subjectsAsked(rows.map(({ id }) => erasureSubject(id)))
  return {
    rows: rows.slice(0, PAGE).map((row) => ({ ...row, proposed: asked.has(erasureSubject(row.id)) })),
    more: rows.length > PAGE,
  }
}

/** Lists open requests after `after`, earliest due first. In SQL, for the partial indexes. */
function openRequests(
  scope: CaseScope,
  after: { readonly dueAt: Instant; readonly id: string } | null,
  limit: number,
) {
  const inside =
    scope.kind === 'unit'
      ? ofUnits(scope, Prisma.sql`r.unit_id`)
      : scope.kind === 'one'
        ? Prisma.sql`r.case_id = ${scope.caseId}::uuid`
        : Prisma.sql`true`
  const behind = after
    ? Prisma.sql`AND (r.due_at, r.id) > (${after.dueAt}::timestamptz, ${after.id}::uuid)`
    : Prisma.empty
  return inScope(
    scope,
    () => db.$queryRaw<
      (Pick<DataRequestItem, 'id' | 'kind' | 'askedAt' | 'dueAt'> & { number: string; unitId: string })[]
    >`
    SELECT r.id, c.number, r.unit_id AS "unitId", r.kind, r.asked_at AS "askedAt", r.due_at AS "dueAt"
    FROM data_requests r JOIN cases c ON c.id = r.case_id
    WHERE r.state = 'open' AND ${inside} ${behind} ORDER BY r.due_at, r.id LIMIT ${limit}`,
  )
}
