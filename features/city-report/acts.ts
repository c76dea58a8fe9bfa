import '#server-only'
import { createHash, randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { z } from 'zod'
import { type Approvable, askApproval } from '#features/approvals/acts.ts'
import { act, logged, refuse, refuseFields } from '#features/audit/act.ts'
import { audit } from '#features/audit/entries/acts.ts'
import { notePublished } from '#features/audit/published/acts.ts'
import { PublicWords } from '#features/questionnaires/questions/form-rules.ts'
import { reverseGroup } from '#features/ratings/integrity/data.ts'
import { readReversal } from '#features/ratings/integrity/rules.ts'
import { readWithdrawal } from '#features/ratings/replies/rules.ts'
import { firstDay } from '#features/results/rules.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { canonicalJson } from '#lib/canonical-json.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { addMilliseconds, type Instant, localDate, MINUTE } from '#lib/time.ts'
import type { Locale } from '#messages/routing.ts'
import { ChildWorker } from '#platform/child-worker.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { actOnce, runInTransaction } from '#platform/idempotency/commands.ts'
import { enqueue } from '#platform/queue.ts'
import { reportStorage } from '#platform/storage.ts'
import { clearTrouble, reportTrouble } from '#platform/troubles.ts'
import {
  findReport,
  lockWithdrawnReport,
  moveReport,
  type ReportRow,
  readDataset,
  writeProgress,
} from './data.ts'
import { readReportFigures } from './figures-data.ts'
import { fileKey, hasFiles, REPORT_FILES, type ReportFile, readLoggedHashes } from './page-data.ts'
import { readPeriod, throughDay } from './period-rules.ts'
import { REPORT_SCOPES } from './report-rules.ts'

/** `files`: one of its files cannot be read and must be drawn again first. */
type ReportRefusal = 'forbidden' | 'changed' | 'files'

/** The pause between two requests to draw a report's files again, which lets a drawing that still runs finish. */
const REDRAWN_EVERY = 10 * MINUTE

const about = (actor: StaffActor, id: string, act: 'retried' | 'published', at: Instant) =>
  ({ actor, act: `survey.report_${act}`, subject: { kind: 'report', id }, at }) as const

const build = (tx: Tx, id: string): Promise<void> => enqueue(tx, 'survey-report', { reportId: id })

const text = z.string().default('').catch('')
const short = z.string().max(20).default('').catch('')

/** Creates a report, which the worker then builds. Returns its id. */
export const askForReport = act({
  name: 'survey.report_asked',
  once: () => 'survey.ask_report',
  permission: 'survey:manage',
  faults: 'survey.report',
  page: (_input, id) => ({ pathname: '/admin/survey/report/[report]', params: { report: id } }),
  input: z.object({
    ...{ period: short, from: short, to: short },
    scope: z.enum(REPORT_SCOPES, 'survey.report.scope'),
    // A single ticked box arrives as a string, several as a list.
    agency: z
      .union([z.string(), z.array(z.string())])
      .transform((ids) => (typeof ids === 'string' ? [ids] : ids))
      .pipe(z.array(z.string().max(80)).max(500))
      .default([])
      .catch([]),
    ...{ recommendationsVi: text, recommendationsEn: text },
  }),
  async run({ tx, actor, input, now }) {
    const { scope } = input
    const readTerm = readPeriod(input, now)
    if (!readTerm.ok) return refuseFields({ [readTerm.error.field]: readTerm.error.fault })
    const period = readTerm.value
    const agencyIds = scope === 'chosen' ? [...new Set(input.agency)].toSorted() : []
    if (scope === 'chosen') {
      const begun = { lte: new Date(throughDay(period, localDate(now))) }
      const where = { id: { in: agencyIds }, versions: { some: { validFrom: begun } } }
      const known = await tx.agency.count({ where })
      if (known === 0 || known < agencyIds.length) return refuse('agencies', 'agency')
    }
    const { recommendationsVi, recommendationsEn } = input
    const words = new PublicWords({ recommendationsVi, recommendationsEn })
    const en = words.text('recommendationsEn', 'recommendations', false)
    const read = words.result({
      // English is refused without Vietnamese.
      recommendationsVi: words.text('recommendationsVi', 'recommendations', en !== null),
      recommendationsEn: en,
    })
    if (!read.ok) return refuseFields(read.error)
    const id = randomUUID()
    await tx.surveyReport.create({
      data: {
        ...{ id, scope, agencyIds, askedAt: now },
        ...{ fromMonth: firstDay(period.from), toMonth: firstDay(period.to) },
        ...read.value,
      },
      select: { id: true },
    })
    await build(tx, id)
    const facts = { from: period.from, to: period.to, scope, agencies: agencyIds.length }
    await audit(tx, {
      ...{ actor, act: 'survey.report_asked', subject: { kind: 'report', id } },
      ...{ facts, at: now },
    })
    return logged(id)
  },
})

export async function retryReport(
  actor: StaffActor,
  id: string,
  now: Instant,
): Promise<Result<string, ReportRefusal>> {
  if (!may(actor.role, 'survey:manage')) return err('forbidden')
  return runInTransaction(async (tx) => {
    if (!(await moveReport(tx, id, ['failed'], { state: 'queued', progress: 0 }))) return err('changed')
    await build(tx, id)
    await audit(tx, about(actor, id, 'retried', now))
    return ok(id)
  })
}

/** Has the worker draw a ready report's files again. `changed`: the file that differs from the log. */
export async function redrawReport(
  actor: StaffActor | { readonly kind: 'system' },
  id: string,
  now: Instant,
  changed: string | null = null,
): Promise<Result<string, ReportRefusal>> {
  if ('role' in actor && !may(actor.role, 'survey:manage')) return err('forbidden')
  const redrawn = await runInTransaction<string, ReportRefusal>(async (tx) => {
    const before = addMilliseconds(now, -REDRAWN_EVERY)
    const { count } = await tx.surveyReport.updateMany({
      where: { id, state: 'ready', OR: [{ redrawAskedAt: null }, { redrawAskedAt: { lte: before } }] },
      data: { redrawAskedAt: now },
    })
    if (count === 0) return err('changed')
    await build(tx, id)
    const subject = { kind: 'report', id } as const
    await audit(tx, { actor, act: 'survey.report_redraw', subject, at: now })
    if (changed !== null)
      await audit(tx, { actor, act: 'survey.report_changed', subject, facts: { file: changed }, at: now })
    return ok(id)
  })
  // A manager who has the files drawn again has seen the warning; a reader who finds a changed file raises it.
  if ('role' in actor && redrawn.ok) await clearTrouble('report-files')
  if (changed !== null) await reportTrouble('report-files', 'changed', { report: id, file: changed })
  return redrawn
}

/** Publishes a report, alone or in place of a withdrawn one, once per `submitKey`. Refuses a report with a missing file. */
export async function publishReport(
  actor: StaffActor,
  { id, replacesId }: { readonly id: string; readonly replacesId: string | null },
  now: Instant,
  submitKey: string = randomUUID(),
): Promise<Result<string, ReportRefusal | 'replaced'>> {
  if (!may(actor.role, 'survey:manage')) return err('forbidden')
  const report = await findReport(id)
  const broken = report?.state === 'ready' && !(await hasFiles(id))
  return actOnce<string, ReportRefusal | 'replaced'>(submitKey, 'survey.publish_report', now, async (tx) => {
    if (replacesId !== null && !(await lockWithdrawnReport(tx, replacesId))) return err('replaced')
    if (broken) return err('files')
    const { count } = await tx.surveyReport.updateMany({
      where: { id, state: 'ready', publishedAt: null },
      data: { publishedAt: now, replacesId },
    })
    if (count === 0) return err('changed')
    await audit(tx, { ...about(actor, id, 'published', now), facts: { replaces: replacesId } })
    if (report?.sha256) await notePublished(tx, `report.${id}`, Buffer.from(report.sha256, 'hex'), now)
    return ok(id)
  })
}

/** The progress in per cent: at the start, with the figures frozen, and for each file. */
const DONE = { begun: 5, figures: 40, file: 14 } as const
const PROCESS = { script: 'features/city-report/drawing.ts', heapMb: 320, timeLimit: 5 * MINUTE } as const

/** Builds a report: freezes its data, then draws its files from that alone. A second run draws the same files. */
export async function buildReport(id: string, now: Instant): Promise<void> {
  const report = await findReport(id)
  if (report === null) return
  if (report.state === 'ready') {
    if (report.redrawAskedAt !== null) await redraw(report, now)
    return
  }
  await transaction((tx) =>
    moveReport(tx, id, ['queued', 'running', 'failed'], { state: 'running', progress: DONE.begun }),
  )
  try {
    const dataset = await frozenDataset(report, now)
    await writeProgress(id, DONE.figures)
    const files = await drawFiles(report, dataset)
    await transaction(async (tx) => {
      const ready = { state: 'ready', progress: 100, readyAt: now, files } as const
      if (!(await moveReport(tx, id, ['running'], ready))) return
      const subject = { kind: 'report', id } as const
      const facts = { sha256: hashOf(dataset).toString('hex'), ...files }
      await audit(tx, { actor: { kind: 'system' }, act: 'survey.report_ready', subject, facts, at: now })
    })
  } catch (error) {
    // Shown at once; when the queue tries again, the report is running again.
    await transaction((tx) => moveReport(tx, id, ['running'], { state: 'failed', progress: 0 }))
    throw error
  }
}

/** Draws a ready report's files again from its frozen data, and logs whether the bytes are the same as before. */
async function redraw(report: ReportRow, now: Instant): Promise<void> {
  const dataset = await readDataset(report.id)
  if (dataset === null) throw new Error('a ready report has no dataset')
  if (hashOf(dataset).toString('hex') !== (await readLoggedHashes(report)).get('sha256'))
    throw new Error('the frozen data is not what the log says')
  const files = await drawFiles(report, dataset)
  const before = report.files
  const same = before && Object.entries(files).every(([name, sha256]) => before[name] === sha256)
  await transaction(async (tx) => {
    await tx.surveyReport.updateMany({
      where: { id: report.id, state: 'ready' },
      data: { files, redrawAskedAt: null, redrawnAt: now },
    })
    const subject = { kind: 'report', id: report.id } as const
    const facts = { same, ...files }
    await audit(tx, { actor: { kind: 'system' }, act: 'survey.report_redrawn', subject, facts, at: now })
  })
}

const hashOf = (dataset: Uint8Array): Buffer => createHash('sha256').update(dataset).digest()

async function frozenDataset(report: ReportRow, now: Instant): Promise<Buffer> {
  const known = await readDataset(report.id)
  if (known !== null) return known
  const dataset = Buffer.from(canonicalJson(await readReportFigures(report, now)))
  // Of two runs, the first to freeze its data wins.
  const { count } = await transaction((tx) =>
    tx.surveyReport.updateMany({
      where: { id: report.id, dataset: null },
      data: { dataset: new Uint8Array(dataset), sha256: new Uint8Array(hashOf(dataset)) },
    }),
  )
  return count === 1 ? dataset : ((await readDataset(report.id)) ?? dataset)
}

export interface FileToDraw {
  readonly kind: ReportFile
  readonly locale: Locale
  readonly dataset: Uint8Array
}

/** Draws and stores every file in one process, replaced once it used too much memory. Returns each file's SHA-256 by name. */
async function drawFiles({ id }: ReportRow, dataset: Buffer): Promise<Record<string, string>> {
  const files: Record<string, string> = {}
  let drawer: ChildWorker<FileToDraw, Uint8Array> | null = null
  try {
    for (const [at, { kind, locale }] of REPORT_FILES.entries()) {
      if (!drawer?.isAlive) drawer = new ChildWorker(PROCESS)
      const bytes = await drawer.ask({ kind, locale, dataset: new Uint8Array(dataset) })
      await reportStorage().put(fileKey(id, kind, locale), Readable.from([Buffer.from(bytes)]))
      files[`${locale}.${kind}`] = hashOf(bytes).toString('hex')
      await writeProgress(id, DONE.figures + (at + 1) * DONE.file)
    }
  } finally {
    drawer?.end()
  }
  return files
}

const dropped = { refuse: 'survey.request_dropped', withdraw: 'survey.request_dropped' } as const
const asked = { ask: 'survey.request_asked', ...dropped } as const

export const reversing: Approvable<'survey.reversal', 'done'> = {
  kind: 'survey.reversal',
  async carryOut({ tx, request: { content }, now }) {
    const { exclusionId, ...words } = content
    const group = await reverseGroup(tx, exclusionId, words, now)
    if (group === null) return err('done')
    await enqueue(tx, 'survey-readmit', { exclusionId })
    return ok({ facts: { agency: group.agencyId, rule: group.reason, answers: group.count } })
  },
  logs: ({ content }) => ({
    acts: { ...asked, confirm: 'survey.exclusion_reversed' },
    subject: { kind: 'exclusion', id: content.exclusionId },
    facts: { reason: content.reasonVi },
  }),
}

export const withdrawing: Approvable<'survey.withdrawal', 'done'> = {
  kind: 'survey.withdrawal',
  async carryOut({ tx, request: { content }, now }) {
    const { count } = await tx.surveyReport.updateMany({
      where: { id: content.reportId, publishedAt: { not: null }, withdrawnAt: null },
      data: { withdrawnAt: now, withdrawnVi: content.reasonVi, withdrawnEn: content.reasonEn },
    })
    return count === 1 ? ok({}) : err('done')
  },
  logs: ({ content }) => ({
    acts: { ...asked, confirm: 'survey.report_withdrawn' },
    subject: { kind: 'report', id: content.reportId },
    facts: { reason: content.reasonVi },
  }),
}

export type RequestSubject = { readonly exclusionId: string } | { readonly reportId: string }

/** Returns a key for the subject that is unique among all requests. */
export const subjectOf = (subject: RequestSubject): string =>
  'exclusionId' in subject ? `exclusion:${subject.exclusionId}` : `report:${subject.reportId}`

const onRequest = {
  name: 'survey.request_asked',
  once: () => 'survey.request',
  permission: 'survey:manage',
  stepUp: 'work',
  faults: 'survey',
} as const

/** Requests that excluded answers count again, with a reason that is published. Another survey manager confirms it. */
export const askReversal = act({
  ...onRequest,
  page: ({ exclusionId }) => ({
    pathname: '/admin/survey/exclusions/[exclusion]',
    params: { exclusion: exclusionId },
  }),
  input: z.object({ exclusionId: z.uuid('general.invalid'), reason: text, reasonEn: text }),
  async run({ tx, actor, input: { exclusionId, reason, reasonEn }, now }) {
    const read = readReversal({ reason, reasonEn })
    if (!read.ok) return refuseFields(read.error)
    const inForce = await tx.$queryRaw<unknown[]>`
      SELECT FROM survey_exclusions WHERE id = ${exclusionId}::uuid AND reversed_at IS NULL FOR UPDATE`
    if (inForce.length === 0) return refuseFields({ form: 'reversal.done' })
    const wanted = { subject: subjectOf({ exclusionId }), content: { exclusionId, ...read.value } }
    const done = await askApproval(tx, actor, reversing, wanted, now)
    return done.ok ? logged(done.value) : refuseFields({ form: 'request.asked' })
  },
})

/** Requests the withdrawal of a published report, with a reason that is published. Another survey manager confirms it. */
export const askWithdrawal = act({
  ...onRequest,
  page: ({ reportId }) => ({ pathname: '/admin/survey/report/[report]', params: { report: reportId } }),
  input: z.object({ reportId: z.uuid('general.invalid'), reason: text, reasonEn: text }),
  async run({ tx, actor, input: { reportId, reason, reasonEn }, now }) {
    const read = readWithdrawal({ reason, reasonEn })
    if (!read.ok) return refuseFields(read.error)
    const published = await tx.$queryRaw<unknown[]>`
      SELECT FROM survey_reports
      WHERE id = ${reportId}::uuid AND published_at IS NOT NULL AND withdrawn_at IS NULL FOR UPDATE`
    if (published.length === 0) return refuseFields({ form: 'report.changed' })
    const wanted = { subject: subjectOf({ reportId }), content: { reportId, ...read.value } }
    const done = await askApproval(tx, actor, withdrawing, wanted, now)
    return done.ok ? logged(done.value) : refuseFields({ form: 'request.asked' })
  },
})
