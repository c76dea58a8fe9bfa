import '#server-only'
import { namesOf } from '#features/accounts/data.ts'
import { type Member, members, servedBy } from '#features/accounts/police-data.ts'
import { unitsInForce } from '#features/areas/data.ts'
import { Prisma } from '#generated/prisma/client.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { staffScope } from '#lib/access/scope.ts'
import { addMilliseconds, DAY, endOfLocalDay, type Instant, localDate } from '#lib/time.ts'
import { db } from '#platform/db.ts'
import { inScope } from '#platform/scope.ts'
import { ofUnits } from '#platform/units.ts'
import { WORK_MOVES } from '../decisions/rules.ts'
import { type DecidedDay, listWorkSums } from '../work/data.ts'
import { sumWork, type Work } from '../work/rules.ts'
import {
  countLoads,
  countUnitLoads,
  type Load,
  makeRowKey,
  NO_LOAD,
  type PlannedRow,
  ROW_ACT,
  SHARE_ACT,
  type UnitLoad,
} from './data.ts'
import { type BoardPeriod, supervises } from './rules.ts'

/** Higher figures of units are shown as "500+". */
export const MOST_IN_UNIT = 500

export interface BoardPerson extends Member {
  readonly load: Load
  readonly done: number
  readonly work: Work
}

export interface Board {
  readonly unitId: string
  readonly people: readonly BoardPerson[]
  /**
   * The work on the unit's cases by people who are not of the unit: city police, and people who have left. Only the sum is shown,
   * so that nobody sees the work of each of them.
   */
  readonly others: Work
  readonly total: Work
  /** The unit's cases, including those of ended units whose tasks it has taken over. */
  readonly load: Omit<UnitLoad, 'unitId'>
  /** Decisions by day, every day of the period. */
  readonly days: readonly DecidedDay[]
}

const firstDay = (period: BoardPeriod, now: Instant): string =>
  localDate(addMilliseconds(now, -(period - 1) * DAY))

/** Returns the unit whose board a person sees: their own, or for city police the chosen one; null if there is none. */
export function findBoardUnit(reader: StaffActor, chosen: string | null): string | null {
  const whose = supervises(reader)
  if (whose === 'nobody') return null
  return whose === 'own' ? reader.unitId : chosen
}

/** Returns the board of a unit over a period; null if the reader does not answer for the unit, or if there is no such unit. */
export async function readBoard(
  reader: StaffActor,
  unitId: string,
  period: BoardPeriod,
  now: Instant,
): Promise<Board | null> {
  const scope = staffScope(reader)
  if (!scope || findBoardUnit(reader, unitId) !== unitId) return null
  const units = await servedBy(unitId)
  if (units.length === 0) return null
  const since = firstDay(period, now)
  const people = await members(units, now)
  const ids = people.map(({ id }) => id)
  const [loads, done, sums, [days, load]] = await inScope(scope, () =>
    Promise.all([
      countLoads(ids, now, endOfLocalDay(now)),
      countDecidedSince(ids, addMilliseconds(endOfLocalDay(now), -DAY)),
      listWorkSums({ unitIds: units }, since),
      Promise.all([countDecidedDays(units, since), countUnitLoads(units, now, MOST_IN_UNIT)]),
    ]),
  )
  const byPerson = Map.groupBy(sums, ({ accountId }) => accountId)
  const known = new Set(people.map(({ id }) => id))
  const each = people.map((person) => ({
    ...person,
    load: loads.get(person.id) ?? NO_LOAD,
    done: done.get(person.id) ?? 0,
    work: sumWork(byPerson.get(person.id) ?? []),
  }))
  return {
    unitId,
    people: each.toSorted((a, b) => b.load.overdue - a.load.overdue || b.load.open - a.load.open),
    others: sumWork(sums.filter(({ accountId }) => !known.has(accountId))),
    total: sumWork(sums),
    load: sumLoads(load),
    days: everyDay(days, period, now),
  }
}

/** Counts the cases in which each person has decided since a time, within the scope in force; people without any are left out. */
async function countDecidedSince(
  accountIds: readonly string[],
  since: Instant,
): Promise<ReadonlyMap<string, number>> {
  const rows = await db.$queryRaw<{ accountId: string; count: number }[]>`
    SELECT actor_id AS "accountId", count(DISTINCT case_id)::int AS count FROM case_events
    WHERE actor_id = ANY (${[...accountIds]}::uuid[]) AND at >= ${since}::timestamptz
      AND move = ANY (${[...WORK_MOVES]}::text[]) GROUP BY actor_id`
  return new Map(rows.map(({ accountId, count }) => [accountId, count]))
}

/** Returns the decisions of some units by day, the earliest first; days without any are left out. */
const countDecidedDays = (unitIds: readonly string[], since: string): Promise<DecidedDay[]> =>
  db.$queryRaw<DecidedDay[]>`
    SELECT day::text AS day, (coalesce(sum(count) FILTER (WHERE measure = 'decided_on_time'), 0))::int AS "onTime",
      (coalesce(sum(count) FILTER (WHERE measure = 'decided_late'), 0))::int AS late
    FROM work_days WHERE ${ofUnits({ unitIds }, Prisma.sql`unit_id`)} AND day >= ${since}::date
      AND measure IN ('decided_on_time', 'decided_late')
    GROUP BY day ORDER BY day`

function sumLoads(loads: readonly UnitLoad[]): Omit<UnitLoad, 'unitId'> {
  const sum = (of: (load: UnitLoad) => number) =>
    Math.min(
      loads.reduce((total, load) => total + of(load), 0),
      MOST_IN_UNIT,
    )
  return {
    open: sum((load) => load.open),
    overdue: sum((load) => load.overdue),
    unassigned: sum((load) => load.unassigned),
    approval: sum((load) => load.approval),
  }
}

function everyDay(found: readonly DecidedDay[], period: BoardPeriod, now: Instant): DecidedDay[] {
  const byDay = new Map(found.map((one) => [one.day, one]))
  return Array.from({ length: period }, (_, at) => {
    const day = localDate(addMilliseconds(now, -(period - 1 - at) * DAY))
    return byDay.get(day) ?? { day, onTime: 0, late: 0 }
  })
}

export interface UnitLine extends UnitLoad {
  readonly work: Work
}

/** Returns every unit of the edition in force, the most overdue first; null for all readers but city police. */
export async function readUnitsOverview(
  reader: StaffActor,
  period: BoardPeriod,
  now: Instant,
): Promise<readonly UnitLine[] | null> {
  const scope = staffScope(reader)
  if (!scope || supervises(reader) !== 'every') return null
  const ids = (await unitsInForce()).map(({ id }) => id)
  const [loads, sums] = await inScope(scope, () =>
    Promise.all([
      countUnitLoads(ids, now, MOST_IN_UNIT),
      listWorkSums({ unitIds: ids }, firstDay(period, now)),
    ]),
  )
  const byUnit = Map.groupBy(sums, ({ unitId }) => unitId)
  return loads
    .map((load) => ({ ...load, work: sumWork(byUnit.get(load.unitId) ?? []) }))
    .toSorted((a, b) => b.overdue - a.overdue || b.unassigned - a.unassigned)
}

/** Returns the figures of the reader's own work, in the cases that they reach: the same that their supervisor sees. */
export async function readOwnWork(
  reader: StaffActor,
  period: BoardPeriod,
  now: Instant,
): Promise<{ readonly load: Load; readonly work: Work } | null> {
  const scope = staffScope(reader)
  if (!scope) return null
  const [loads, sums] = await inScope(scope, () =>
    Promise.all([
      countLoads([reader.id], now, endOfLocalDay(now)),
      listWorkSums({ accountId: reader.id }, firstDay(period, now)),
    ]),
  )
  return { load: loads.get(reader.id) ?? NO_LOAD, work: sumWork(sums) }
}

/** Returns the result for each case of a sharing-out form; null if the reader sent no form with this key lately. */
export async function listSharedRows(
  reader: StaffActor,
  submitKey: string,
): Promise<
  | readonly {
      readonly number: string
      readonly name: string
      /** False if the case or its receiver had changed meanwhile. */
      readonly given: boolean
    }[]
  | null
> {
  const [plan] = await outcomesOf([submitKey], `${SHARE_ACT}:${reader.id}`)
  if (!plan) return null
  const rows = plan.outcome as unknown as readonly PlannedRow[]
  const keys = new Map(rows.map(({ caseId }) => [makeRowKey(submitKey, caseId), caseId]))
  const done = new Set((await outcomesOf([...keys.keys()], ROW_ACT)).map(({ key }) => keys.get(key)))
  const names = await namesOf([...new Set(rows.map(({ to }) => to))])
  return rows.map(({ caseId, number, to }) => ({
    number,
    name: names.get(to) ?? to,
    given: done.has(caseId),
  }))
}

/** Returns the stored results of one act under some keys. They are kept for a week. */
const outcomesOf = (keys: readonly string[], act: string) =>
  db.submission.findMany({ where: { key: { in: [...keys] }, act }, select: { key: true, outcome: true } })
