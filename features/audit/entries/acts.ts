import '#server-only'
import { randomUUID } from 'node:crypto'
import type { Actor, StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { csvLine } from '#lib/csv.ts'
import { addMilliseconds, type Instant, localDate } from '#lib/time.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { deferInsert } from '#platform/deferred-writes.ts'
import { currentRequestId } from '#platform/request.ts'
import {
  type EntryCursor,
  type EntryFilter,
  type ListedEntry,
  listEntries,
  type NewAuditEntry,
} from './data.ts'
import type { AuditAct, SubjectKind } from './names-rules.ts'
import { ENTRY_VERSION } from './rules.ts'

export interface AuditedAct {
  readonly actor: { readonly kind: Actor['kind']; readonly id?: string }
  readonly act: AuditAct
  readonly subject: {
    readonly kind: SubjectKind
    readonly id: string
  }
  /** States, versions, codes, and public reasons. Never personal data. */
  readonly facts?: Readonly<Record<string, string | number | boolean | null>>
  /** The case of the entry, if the subject is not the case itself. */
  readonly caseId?: string
  /** The hashes of that case before and after the act, if the act changed it (`caseHash`). */
  readonly before?: Uint8Array<ArrayBuffer>
  readonly after?: Uint8Array<ArrayBuffer>
  readonly at: Instant
}

/** Subjects with the id of their case: a draft becomes the case of the same id. */
const CASES: readonly SubjectKind[] = ['case', 'draft']

/** Writes an audit entry, in the transaction of the act itself. All entries are written this way. */
export const audit = (tx: Tx, act: AuditedAct): Promise<void> =>
  deferInsert(tx, 'audit_entries', [makeEntry(act)])

export const auditAll = (tx: Tx, acts: readonly AuditedAct[]): Promise<void> =>
  acts.length === 0 ? Promise.resolve() : deferInsert(tx, 'audit_entries', acts.map(makeEntry))

export function makeEntry(act: AuditedAct): NewAuditEntry {
  return {
    at: act.at,
    actorKind: act.actor.kind,
    actorId: act.actor.id ?? null,
    act: act.act,
    subjectKind: act.subject.kind,
    subjectId: act.subject.id,
    // The hash of every entry is public: without a random part, its content could be found by guessing.
    requestId: currentRequestId() ?? randomUUID(),
    facts: act.facts ?? {},
    v: ENTRY_VERSION,
    caseId: CASES.includes(act.subject.kind) ? act.subject.id : (act.caseId ?? null),
    beforeHash: act.before ?? null,
    afterHash: act.after ?? null,
  }
}

/** Records that a command has loaded a reference table, by the hash of its new content (ADR 131). */
export const noteLoaded = (set: 'tacs' | 'areas', rows: number, at: Instant): Promise<void> =>
  transaction((tx) =>
    audit(tx, {
      actor: { kind: 'system' },
      act: 'reference.loaded',
      subject: { kind: 'reference', id: set },
      facts: { sets: set, rows },
      at,
    }),
  )

const PIECE = 500

const HEAD = [
  ...['id', 'at', 'actor_kind', 'actor_id', 'actor_name', 'act', 'subject_kind', 'subject_id', 'facts'],
  ...['leaf'],
]

/** Always limited to a range of days, so that the file ends. */
export type TakenFilter = EntryFilter & Required<Pick<EntryFilter, 'between'>>

/**
 * Returns the matching entries, newest first, as parts of a CSV for an auditor; null without the permission. The export is
 * audited first, so that its own entry is not in the file.
 *
 * @param nameStaff returns the known names of accounts by their ids
 */
export async function takeList(
  actor: StaffActor,
  filter: TakenFilter,
  nameStaff: (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>,
  now: Instant,
): Promise<AsyncGenerator<string> | null> {
  if (!may(actor.role, 'audit:read')) return null
  const { actorId = null, act = null, between, subject } = filter
  const [first, end] = between
  const days = [localDate(first), localDate(addMilliseconds(end, -1))]
  await transaction((tx) =>
    audit(tx, {
      actor: { kind: 'staff', id: actor.id },
      act: 'audit.take_list',
      subject: { kind: 'entry', id: days.join('/') },
      facts: {
        ...{ since: days[0] ?? '', until: days[1] ?? '' },
        ...(actorId !== null && { account: actorId }),
        ...(act !== null && { act }),
        ...(subject && { about: `${subject.kind} ${subject.id}` }),
      },
      at: now,
    }),
  )
  return lines({ ...filter, between: [first, end < now ? end : now] }, nameStaff)
}

async function* lines(
  filter: TakenFilter,
  nameStaff: (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>,
): AsyncGenerator<string> {
  yield csvLine(HEAD)
  for (let below: EntryCursor | null = null; ; ) {
    const found: readonly ListedEntry[] = await listEntries(filter, below, PIECE)
    const names = await nameStaff([...new Set(found.flatMap(({ actorId }) => actorId ?? []))])
    if (found.length > 0) yield found.map((entry) => lineOf(entry, names)).join('')
    below = found.at(-1) ?? null
    if (found.length < PIECE) return
  }
}

const lineOf = (
  { id, at, actorKind, actorId, act, subjectKind, subjectId, facts, leaf }: ListedEntry,
  names: ReadonlyMap<string, string>,
): string =>
  csvLine([
    ...[String(id), at.toISOString(), actorKind, actorId, names.get(actorId ?? '') ?? null],
    ...[act, subjectKind, subjectId, JSON.stringify(facts), leaf === null ? null : String(leaf)],
  ])
