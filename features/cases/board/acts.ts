import '#server-only'
import { type Member, servedBy } from '#features/accounts/police-data.ts'
import { tellWaiting } from '#features/accounts/preferences/acts.ts'
import { audit } from '#features/audit/entries/acts.ts'
import { type StaffActor, unitsServed } from '#lib/access/actor.ts'
import { type CaseScope, staffScope } from '#lib/access/scope.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { transaction } from '#platform/db.ts'
import { actOnce, keyFor, onceWithin } from '#platform/idempotency/commands.ts'
import { inScope } from '#platform/scope.ts'
import { moveCase } from '../moves/acts.ts'
import type { CaseRefusal } from '../moves/transition-rules.ts'
import { listColleagues, listShareable, makeRowKey, type PlannedRow, ROW_ACT, SHARE_ACT } from './data.ts'
import { type Board, readBoard } from './page-data.ts'
import { type BoardPeriod, isAtWork, MOST_SHARED, shareOut, supervises } from './rules.ts'

export interface ShareInput {
  readonly submitKey: string
  readonly unitId: string
  /** The person whose cases are shared out; null for cases without an officer. */
  readonly from: string | null
  readonly to: readonly string[]
  readonly count: number
}

type ShareRefusal = 'forbidden' | 'missing' | 'nobody_there' | 'none'

/**
 * Shares out cases of a unit among its people, those with the fewest first, once per `submitKey`. First it stores the plan: who
 * gets which case. Then it gives each case in its own transaction, with its event and audit entry. A case that changed since the
 * plan is skipped, so a person who took it meanwhile keeps it. The same form sent again, also after a crash, continues the stored
 * plan.
 */
export async function shareCases(
  actor: StaffActor,
  input: ShareInput,
  now: Instant,
): Promise<Result<{ readonly given: number; readonly planned: number }, ShareRefusal>> {
  const scope = staffScope(actor)
  if (!scope || !(await answersFor(actor, input.unitId))) return err('forbidden')
  return inScope(scope, async () => {
    const units = await servedBy(input.unitId)
    const planned = await actOnce<readonly PlannedRow[], ShareRefusal>(
      input.submitKey,
      `${SHARE_ACT}:${actor.id}`,
      now,
      async (tx) => {
        const people = (await listColleagues(scope, units, now, tx)).filter(
          ({ id }) => input.to.includes(id) && id !== input.from,
        )
        if (people.length === 0) return err('missing')
        const there = people.filter((person) => isAtWork(person, now))
        if (there.length === 0) return err('nobody_there')
        const limit = Math.min(Math.max(Math.trunc(input.count), 1), MOST_SHARED)
        const cases = await listShareable(tx, units, input.from, limit)
        const byId = new Map(cases.map((one) => [one.id, one]))
        const plan = shareOut(
          cases,
          there.map(({ id, load }) => ({ id, open: load.open })),
        ).flatMap(({ caseId, to }) => {
          const one = byId.get(caseId)
          return one ? [{ caseId, number: one.number, version: one.version, to }] : []
        })
        if (plan.length === 0) return err('none')
        await audit(tx, {
          actor,
          act: SHARE_ACT,
          subject: { kind: 'unit', id: input.unitId },
          facts: { cases: plan.length },
          at: now,
        })
        return ok(plan)
      },
    )
    if (!planned.ok) return planned
    const people = new Map((await listColleagues(scope, units, now)).map((one) => [one.id, one]))
    let given = 0
    for (const row of planned.value) {
      const done = await give(scope, actor, row, people.get(row.to), input.submitKey, now)
      if (done.ok) given++
    }
    return ok({ given, planned: planned.value.length })
  })
}

const TOLD_ACT = 'unit.share_told'

const give = (
  scope: CaseScope,
  actor: StaffActor,
  { caseId, version }: PlannedRow,
  to: Member | undefined,
  submitKey: string,
  now: Instant,
): Promise<Result<true, CaseRefusal>> =>
  actOnce<true, CaseRefusal>(makeRowKey(submitKey, caseId), ROW_ACT, now, async (tx) => {
    if (!to) return err('assignee_invalid')
    const moved = await moveCase(tx, scope, actor, { caseId, version, move: 'reassign', assignee: to }, now)
    if (!moved.ok) return moved
    // One mail per person, with the first case given to them.
    if (to.id !== actor.id)
      await onceWithin(tx, keyFor(submitKey, 'told', to.id), TOLD_ACT, now, () =>
        tellWaiting(tx, [to.id], 'given', now),
      )
    return ok(true)
  })

async function answersFor(actor: StaffActor, unitId: string): Promise<boolean> {
  const whose = supervises(actor)
  return (
    whose === 'every' || (whose === 'own' && (actor.unitId === unitId || unitsServed(actor).includes(unitId)))
  )
}

/**
 * Returns the board of a unit for export; null if the reader does not answer for the unit. The audit entry is written before the
 * board is returned.
 */
export async function exportBoard(
  actor: StaffActor,
  unitId: string,
  period: BoardPeriod,
  now: Instant,
): Promise<Board | null> {
  const board = await readBoard(actor, unitId, period, now)
  if (board === null) return null
  await transaction((tx) =>
    audit(tx, {
      actor,
      act: 'unit.export',
      subject: { kind: 'unit', id: unitId },
      facts: { days: period },
      at: now,
    }),
  )
  return board
}
