import '#server-only'
import { randomUUID } from 'node:crypto'
import { agenciesUpTo } from '#features/agencies/repository/agencies.ts'
import { audit } from '#features/audit/commands.ts'
import type { ReportScope } from '#features/city-report/rules/report-data.ts'
import type { WordFaults } from '#features/questionnaires/rules/public-words.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import type { RawForm } from '#lib/raw-form.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { addMilliseconds, type Instant, localDate, MINUTE } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { actOnce, runInTransaction } from '#platform/idempotency/commands.ts'
import { enqueue } from '#platform/queue.ts'
import { filesAreThere } from '../queries/reports.ts'
import {
  askRedraw,
  insertReport,
  lockWithdrawnReport,
  moveReport,
  publishRow,
  reportById,
} from '../repository/reports.ts'
import { readRecommendations } from '../rules/city-report.ts'
import { type Period, throughDay } from '../rules/report-period.ts'

export interface WantedReport {
  readonly period: Period
  readonly scope: ReportScope
  /** The agencies, where they are chosen one by one; otherwise none. */
  readonly agencyIds: readonly string[]
  /** The recommendations as they were typed; empty where there are none. */
  readonly typed?: RawForm
  readonly submitKey: string
}

/** `files`: a file of it cannot be read; it has to be drawn again first. */
export type ReportRefusal = 'forbidden' | 'agencies' | 'state' | 'files'

/** A report's files are not asked for again while they may still be being drawn. */
const REDRAWN_EVERY = 10 * MINUTE

const about = (actor: StaffActor, id: string, act: 'asked' | 'retried' | 'published', at: Instant) =>
  ({ actor, act: `survey.report_${act}`, subject: { kind: 'report', id }, at }) as const

const build = (tx: Tx, id: string): Promise<void> => enqueue(tx, 'survey-report', { reportId: id })

/** Asks for a report; the worker makes it. Answers its id. */
export async function askForReport(
  actor: StaffActor,
  { period, scope, agencyIds, typed = {}, submitKey }: WantedReport,
  now: Instant,
): Promise<Result<string, ReportRefusal | WordFaults>> {
  if (!may(actor.role, 'survey:manage')) return err('forbidden')
  const chosen = scope === 'chosen' ? [...new Set(agencyIds)].toSorted() : []
  if (scope === 'chosen') {
    const known = new Set((await agenciesUpTo(throughDay(period, localDate(now)))).map(({ id }) => id))
    if (chosen.length === 0 || chosen.some((id) => !known.has(id))) return err('agencies')
  }
  const read = readRecommendations(typed)
  if (!read.ok) return read
  const recommendations = read.value
  return actOnce(submitKey, 'survey.ask_report', now, async (tx) => {
    const id = randomUUID()
    await insertReport(tx, { id, period, scope, agencyIds: chosen, recommendations, askedAt: now })
    await build(tx, id)
    const facts = { from: period.from, to: period.to, scope, agencies: chosen.length }
    await audit(tx, { ...about(actor, id, 'asked', now), facts })
    return ok(id)
  })
}

/** Has the worker try again, from the data that it had frozen. */
export async function retryReport(
  actor: StaffActor,
  id: string,
  now: Instant,
): Promise<Result<string, ReportRefusal>> {
  if (!may(actor.role, 'survey:manage')) return err('forbidden')
  return runInTransaction(async (tx) => {
    if (!(await moveReport(tx, id, ['failed'], { state: 'queued', progress: 0 }))) return err('state')
    await build(tx, id)
    await audit(tx, about(actor, id, 'retried', now))
    return ok(id)
  })
}

/**
 * Has the worker draw a ready report's files again from its frozen data. A manager asks for it, or the system where a
 * reader found a file gone. Requests within minutes of each other count as one.
 */
export async function redrawReport(
  actor: StaffActor | { readonly kind: 'system' },
  id: string,
  now: Instant,
): Promise<Result<string, ReportRefusal>> {
  if ('role' in actor && !may(actor.role, 'survey:manage')) return err('forbidden')
  return runInTransaction(async (tx) => {
    if (!(await askRedraw(tx, id, addMilliseconds(now, -REDRAWN_EVERY), now))) return err('state')
    await build(tx, id)
    const subject = { kind: 'report', id } as const
    await audit(tx, { actor, act: 'survey.report_redraw', subject, at: now })
    return ok(id)
  })
}

/** Puts a report before everybody, alone or in place of one that was withdrawn, once a `submitKey`; refused where a file of it is gone. */
export async function publishReport(
  actor: StaffActor,
  { id, replacesId }: { readonly id: string; readonly replacesId: string | null },
  now: Instant,
  submitKey: string = randomUUID(),
): Promise<Result<string, ReportRefusal | 'replaced'>> {
  if (!may(actor.role, 'survey:manage')) return err('forbidden')
  const report = await reportById(id)
  const broken = report?.state === 'ready' && !(await filesAreThere(id))
  return actOnce<string, ReportRefusal | 'replaced'>(submitKey, 'survey.publish_report', now, async (tx) => {
    if (replacesId !== null && !(await lockWithdrawnReport(tx, replacesId))) return err('replaced')
    if (broken) return err('files')
    if (!(await publishRow(tx, id, replacesId, now))) return err('state')
    await audit(tx, { ...about(actor, id, 'published', now), facts: { replaces: replacesId } })
    return ok(id)
  })
}
