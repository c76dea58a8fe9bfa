import '#server-only'
import type { StaffActor } from '#lib/access/actor.ts'
import { staffScope, systemScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { inScope } from '#platform/scope.ts'
import { findAll } from '../repository/cases.ts'
import { decidedBeforeReview, judgedAmong } from '../repository/deciders.ts'
import { queueRows } from '../repository/queue.ts'
import { buttonOf, decisionsOpenTo } from '../rules/decisions.ts'
import { agreesWith } from '../rules/disclosure.ts'
import { WHOLE_QUEUE } from '../rules/queue.ts'
import type { QueueRow } from '../rules/queue-row.ts'
import type { CaseSnapshot } from '../rules/snapshot.ts'

/** The cases that stand beside the one that a person has open. */
const LISTED = 12
/** The cases that are read to find these: a colleague may have many in hand that are as urgent. */
const LOOKED_AT = 40

/**
 * Returns what waits for a person, the most urgent first: what they have in hand, what nobody has, and what waits for a
 * second person. Each is one that they may decide now, as far as can be said without its evidence.
 */
export async function workList(actor: StaffActor, now: Instant): Promise<readonly QueueRow[]> {
  const scope = staffScope(actor)
  if (!scope) return []
  // None of these lists depends on when the day ends.
  const reader = { accountId: actor.id, now, endOfDay: now }
  const [mine, all] = await Promise.all([
    queueRows(scope, { ...WHOLE_QUEUE, view: 'mine' }, reader, null, LISTED),
    queueRows(scope, WHOLE_QUEUE, reader, null, LOOKED_AT),
  ])
  const rows = [...new Map([...mine, ...all].map((row) => [row.id, row])).values()]
  const cases = await findAll(
    scope,
    rows.map(({ id }) => id),
  )
  const open = rows
    .toSorted((a, b) => a.actBy.getTime() - b.actBy.getTime())
    .flatMap((row) => {
      const c = cases.get(row.id)
      return c && waitsFor(c, actor, now) ? [{ row, c }] : []
    })
  // A person does not decide a claim after another on the phone, of any district, nor review what they decided before.
  const judged = await inScope(systemScope(), () =>
    judgedAmong(
      open.map(({ c }) => c.id),
      actor.id,
    ),
  )
  const waiting: QueueRow[] = []
  for (const { row, c } of open) {
    if (judged.has(c.id) || (await inScope(scope, () => decidedBeforeReview(c, actor.id)))) continue
    waiting.push(row)
    if (waiting.length === LISTED) break
  }
  return waiting
}

/** Returns the number of the case to open after another; null where nothing waits for the person. */
export async function nextCase(actor: StaffActor, after: string, now: Instant): Promise<string | null> {
  return (await workList(actor, now)).find(({ number }) => number !== after)?.number ?? null
}

/** Tells whether a case waits for this person: what a colleague has in hand does so only for a second one. */
function waitsFor(c: CaseSnapshot, actor: StaffActor, now: Instant): boolean {
  const { main, others } = decisionsOpenTo(c, actor, now)
  const settles = others.some((one) => buttonOf(one, c.state).on !== 'case')
  if (main === null) return settles
  return c.assigneeId === null || c.assigneeId === actor.id || agreesWith(c, main) !== null
}
