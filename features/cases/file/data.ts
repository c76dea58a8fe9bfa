import '#server-only'
import { OPEN_SELECT, openTexts } from '#features/reporting/fields/columns-rules.ts'
import { type CaseScope, systemScope } from '#lib/access/scope.ts'
import { unseal, unwrap } from '#platform/crypto.ts'
import { db } from '#platform/db.ts'
import { WRAPPED_KEY } from '#platform/key-wrapper.ts'
import { inScope } from '#platform/scope.ts'
import { listProven } from '../claims/data.ts'
import { type EventWords, opened, type Particulars } from '../particulars/rules.ts'
import { writeCaseScope } from '../record/data.ts'
import { ACTIVE_STATES } from '../record/state-rules.ts'
import type { FileEvent, FileRecord, RelatedCase } from './rules.ts'

export async function readFileRecord(scope: CaseScope, caseId: string): Promise<FileRecord | null> {
  const row = await inScope(scope, () =>
    db.case.findFirst({
      where: { AND: [{ id: caseId, erasedAt: null }, writeCaseScope(scope)] },
      select: {
        sealed: true,
        locale: true,
        incidentAt: true,
        ...OPEN_SELECT,
        tacManufacturer: true,
        tacModel: true,
        tacMismatch: true,
        assignee: { select: { name: true } },
        evidenceErasedAt: true,
        key: { select: { ...WRAPPED_KEY, proofVersion: true } },
        imeis: { select: { imei: true, key14: true, isPublic: true }, orderBy: { ordinal: 'asc' } },
        events: { orderBy: { seq: 'desc' }, omit: { caseId: true, visible: true } },
      },
    }),
  )
  if (!row) return null
  const key = unwrap(caseId, row.key)
  const { sealed, key: stored, evidenceErasedAt, assignee, events, ...plain } = row
  return {
    ...plain,
    ...openTexts(plain),
    particulars: opened(unseal<Particulars>(key, 'particulars', sealed)),
    assigneeName: assignee?.name ?? null,
    filesDeletedAt: stored.proofVersion > 0 ? evidenceErasedAt : null,
    events: events.map(({ sealed: words, move, ...event }) => ({
      ...event,
      move: move as FileEvent['move'],
      words: words ? unseal<EventWords>(key, `event:${event.seq}`, words) : {},
    })),
  }
}

const RELATED = {
  id: true,
  number: true,
  unitId: true,
  state: true,
  watchUntil: true,
  held: true,
  submittedAt: true,
} as const
const MOST_RELATED = 20

type RelatedRow = Omit<RelatedCase, 'active' | 'proven'>

async function toRelated(
  rows: readonly RelatedRow[],
  keys: readonly string[] | null,
): Promise<RelatedCase[]> {
  const proven = await listProven(
    rows.map(({ id }) => id),
    keys,
  )
  return rows.map((row) => ({
    ...row,
    active: ACTIVE_STATES.includes(row.state),
    proven: proven.has(row.id),
  }))
}

/** Returns other cases of the same phone, newest first; from every district, so that police know of them. */
export const listSameImei = (caseId: string, keys: readonly string[]): Promise<RelatedCase[]> =>
  inScope(systemScope(), async () =>
    toRelated(
      await db.case.findMany({
        where: { id: { not: caseId }, imeis: { some: { key14: { in: [...keys] } } } },
        orderBy: { submittedAt: 'desc' },
        take: MOST_RELATED,
        select: RELATED,
      }),
      keys,
    ),
  )

/** Returns other cases with the same confirmed contact, newest first; also from every district. */
export const listSameContact = (caseId: string): Promise<RelatedCase[]> =>
  inScope(systemScope(), async () =>
    toRelated(
      await db.$queryRaw<RelatedRow[]>`
        SELECT DISTINCT c.id, c.number, c.unit_id AS "unitId", c.state, c.watch_until AS "watchUntil", c.held, c.submitted_at AS "submittedAt"
        FROM blind_index own
          JOIN blind_index same ON same.kind = own.kind AND same.hash = own.hash AND same.case_id <> own.case_id
          JOIN cases c ON c.id = same.case_id
        WHERE own.case_id = ${caseId}::uuid AND own.kind = 'contact' ORDER BY c.submitted_at DESC LIMIT ${MOST_RELATED}`,
      null,
    ),
  )
