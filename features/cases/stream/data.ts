import '#server-only'
import { allUnits } from '#features/areas/data.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { staffScope, systemScope } from '#lib/access/scope.ts'
import { addMilliseconds, DAY, endOfLocalDay, type Instant } from '#lib/time.ts'
import { db } from '#platform/db.ts'
import { inScope } from '#platform/scope.ts'
import { hasDecidedBeforeReview, listJudgedAmong } from '../deciders/data.ts'
import { buttonOf, decisionsOpenTo, WORK_MOVES } from '../decisions/rules.ts'
import { agreesWith } from '../disclosure/rules.ts'
import type { Move } from '../moves/rules.ts'
import { findPlaceInList, listQueueRows } from '../queue/data.ts'
import { MOST_COUNTED, toReader } from '../queue/page-data.ts'
import type { QueueFrom, QueueRow } from '../queue/rules.ts'
import { CASE_SNAPSHOT, toSnapshot, writeCaseScope } from '../record/data.ts'
import type { CaseSnapshot } from '../record/snapshot-rules.ts'
import { positionIn, readStream, type Stream, usualStream } from './rules.ts'

/** How many cases of a list are shown around the open one, and how many of them come before it. */
const LISTED = 13
const BEFORE = 2
/** How many cases are read to find the next one; colleagues may have many that are equally urgent. */
const LOOKED_AT = 40

/** Reads the list that a person works through from an address; without one there, returns their usual list. */
export const readStreamAt = async (actor: StaffActor, sent: unknown): Promise<Stream> =>
  // Only city police narrow a list to a unit.
  readStream(sent, actor.role === 'city_police' ? await allUnits() : []) ?? usualStream

/** Returns the part of a list around the open case, and the case's position in it. */
export async function readStreamAround(
  actor: StaffActor,
  stream: Stream,
  c: Pick<CaseSnapshot, 'id'>,
  now: Instant,
) {
  const scope = staffScope(actor)
  if (!scope) throw new Error('a person without a scope reached the desk')
  const reader = toReader(actor, now)
  const place = await findPlaceInList(scope, stream.filter, reader, MOST_COUNTED, c.id)
  const rowsFrom = (from: Pick<QueueFrom, 'key' | 'direction'> | null, limit: number) =>
    listQueueRows(scope, stream.filter, reader, from, limit)
  const before =
    place.key !== null && place.before >= LISTED - BEFORE
      ? await rowsFrom({ key: place.key, direction: 'before' }, BEFORE + 1)
      : []
  const [first] = before
  const rows = await rowsFrom(
    first === undefined ? null : { key: { at: first.at, id: first.id }, direction: 'after' },
    LISTED,
  )
  const { at, of } = positionIn(stream, place)
  return {
    rows,
    /** How many rows of the list come before these. */
    skipped: first === undefined ? 0 : place.before - BEFORE,
    isIn: place.key !== null,
    at,
    of,
    more: place.more,
  }
}

/** Returns the cases of a list that a person may decide now, in its order, as far as is known without the evidence. */
async function decidable(
  actor: StaffActor,
  { filter }: Stream,
  from: Pick<QueueFrom, 'key' | 'direction'> | null,
  now: Instant,
): Promise<readonly QueueRow[]> {
  const scope = staffScope(actor)
  if (!scope) return []
  const rows = await listQueueRows(scope, filter, toReader(actor, now), from, LOOKED_AT)
  const where = { AND: [{ id: { in: rows.map(({ id }) => id) } }, writeCaseScope(scope)] }
  const found = await inScope(scope, () => db.case.findMany({ where, select: CASE_SNAPSHOT }))
  const cases = new Map(found.map((row) => [row.id, toSnapshot(row)]))
  const open = rows.flatMap((row) => {
    const c = cases.get(row.id)
    return c && waitsFor(c, actor, now) ? [{ row, c }] : []
  })
  // A person who judged another claim on the phone, in any district, does not decide this one, nor review their own decision.
  const judged = await inScope(systemScope(), () =>
    listJudgedAmong(
      open.map(({ c }) => c.id),
      actor.id,
    ),
  )
  const left: QueueRow[] = []
  for (const { row, c } of open)
    if (!judged.has(c.id) && !(await inScope(scope, () => hasDecidedBeforeReview(c, actor.id))))
      left.push(row)
  return left
}

export const listWaiting = (actor: StaffActor, stream: Stream, now: Instant): Promise<readonly QueueRow[]> =>
  decidable(actor, stream, null, now)

export async function findPlaceBefore(actor: StaffActor, stream: Stream, caseId: string, now: Instant) {
  const scope = staffScope(actor)
  return (
    scope && (await findPlaceInList(scope, stream.filter, toReader(actor, now), MOST_COUNTED, caseId)).key
  )
}

/**
 * Returns the number of the case to open after another: the next one of the list, or after its last one the first. Null if
 * nothing in the list waits for the person.
 */
export async function findNext(
  actor: StaffActor,
  stream: Stream,
  after: { readonly number: string; readonly key: QueueFrom['key'] | null },
  now: Instant,
): Promise<string | null> {
  const isOther = ({ number }: QueueRow) => number !== after.number
  const { key } = after
  const behind = key && (await decidable(actor, stream, { key, direction: 'after' }, now)).find(isOther)
  return (behind ?? (await decidable(actor, stream, null, now)).find(isOther))?.number ?? null
}

/** Checks whether a case waits for this person. A colleague's case waits only for a second person. */
function waitsFor(c: CaseSnapshot, actor: StaffActor, now: Instant): boolean {
  const { main, others } = decisionsOpenTo(c, actor, now)
  const settles = others.some((one) => buttonOf(one, c.state).on !== 'case')
  if (main === null) return settles
  return c.assigneeId === null || c.assigneeId === actor.id || agreesWith(c, main) !== null
}

export interface LastAct {
  readonly number: string
  readonly move: Move
  readonly at: Instant
  /** The case's version if nobody has acted on it since; null if somebody has, or the act cannot be taken back. */
  readonly undoable: number | null
}

const LAST = 3
const TAKEN_BACK: readonly string[] = ['verify', 'send_back']

/** Returns a person's last decisions of today, and the number of cases that they decided. */
export async function readDoneToday(
  actor: StaffActor,
  now: Instant,
): Promise<{ readonly last: readonly LastAct[]; readonly count: number }> {
  const scope = staffScope(actor)
  if (!scope) return { last: [], count: 0 }
  const since = addMilliseconds(endOfLocalDay(now), -DAY)
  const rows = await inScope(
    scope,
    () => db.$queryRaw<
      { number: string; move: string; at: Instant; seq: number; version: number; count: number }[]
    >`
      WITH own AS MATERIALIZED (SELECT e.case_id, e.seq, e.move, e.at FROM case_events e
        WHERE e.actor_id = ${actor.id}::uuid AND e.at >= ${since}::timestamptz AND e.move = ANY (${[...WORK_MOVES]}::text[]))
      SELECT c.number, o.move, o.at, o.seq, c.version, (SELECT count(DISTINCT case_id)::int FROM own) AS count
      FROM (SELECT * FROM own ORDER BY at DESC, seq DESC LIMIT ${LAST}) o JOIN cases c ON c.id = o.case_id
      ORDER BY o.at DESC, o.seq DESC`,
  )
  return {
    last: rows.map(({ number, move, at, seq, version }) => ({
      number,
      move: move as Move,
      at,
      undoable: version === seq && TAKEN_BACK.includes(move) ? version : null,
    })),
    count: rows[0]?.count ?? 0,
  }
}
