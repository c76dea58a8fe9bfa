import '#server-only'
import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { audit } from '#features/audit/commands.ts'
import { canonicalJson } from '#lib/canonical-json.ts'
import { type Instant, MINUTE } from '#lib/time.ts'
import type { Locale } from '#messages/routing.ts'
import { ChildWorker } from '#platform/child-worker.ts'
import { transaction } from '#platform/db.ts'
import { reportStorage } from '#platform/storage.ts'
import { reportFigures } from '../queries/report-figures.ts'
import { fileKey, REPORT_FILES, type ReportFile } from '../queries/reports.ts'
import {
  datasetOf,
  freezeDataset,
  keepRedrawn,
  moveReport,
  progressTo,
  type ReportRow,
  reportById,
} from '../repository/reports.ts'

/** The progress of a report, in per cent, when each part of it is done. */
const DONE = { begun: 5, figures: 40, file: 14 } as const
const PROCESS = { script: 'features/city-report/drawing.ts', heapMb: 320, timeLimit: 5 * MINUTE } as const

/**
 * Makes a report: freezes its data, then draws its files from that data alone. A second run continues from the frozen
 * data and draws the same files; for a ready report it draws them only where they were asked for again.
 */
export async function buildReport(id: string, now: Instant): Promise<void> {
  const report = await reportById(id)
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
    await progressTo(id, DONE.figures)
    const files = await drawFiles(report, dataset)
    await transaction(async (tx) => {
      const ready = { state: 'ready', progress: 100, readyAt: now, files } as const
      if (!(await moveReport(tx, id, ['running'], ready))) return
      const subject = { kind: 'report', id } as const
      const facts = { sha256: hashOf(dataset).toString('hex') }
      await audit(tx, { actor: { kind: 'system' }, act: 'survey.report_ready', subject, facts, at: now })
    })
  } catch (error) {
    // Told at once; when the queue has it tried again, it is running again.
    await transaction((tx) => moveReport(tx, id, ['running'], { state: 'failed', progress: 0 }))
    throw error
  }
}

/** Draws a ready report's files again from its frozen data, and says whether they are the bytes that they were. */
async function redraw(report: ReportRow, now: Instant): Promise<void> {
  const dataset = await datasetOf(report.id)
  if (dataset === null) throw new Error('a ready report has no dataset')
  const files = await drawFiles(report, dataset)
  const before = report.files
  const same = before && Object.entries(files).every(([name, sha256]) => before[name] === sha256)
  await transaction(async (tx) => {
    await keepRedrawn(tx, report.id, files, now)
    const subject = { kind: 'report', id: report.id } as const
    const facts = { same }
    await audit(tx, { actor: { kind: 'system' }, act: 'survey.report_redrawn', subject, facts, at: now })
  })
}

const hashOf = (dataset: Uint8Array): Buffer => createHash('sha256').update(dataset).digest()

async function frozenDataset(report: ReportRow, now: Instant): Promise<Buffer> {
  const known = await datasetOf(report.id)
  if (known !== null) return known
  const dataset = Buffer.from(canonicalJson(await reportFigures(report, now)))
  const first = await transaction((tx) =>
    freezeDataset(tx, report.id, new Uint8Array(dataset), new Uint8Array(hashOf(dataset))),
  )
  return first ? dataset : ((await datasetOf(report.id)) ?? dataset)
}

/** A file of a report, from the frozen bytes of what it says. */
export interface FileToDraw {
  readonly kind: ReportFile
  readonly locale: Locale
  readonly dataset: Uint8Array
}

/**
 * Draws and stores every file, each in a process of its own, so that the memory of one is free before the next. Returns
 * the SHA-256 of each in hexadecimal, by its name.
 */
async function drawFiles({ id }: ReportRow, dataset: Buffer): Promise<Record<string, string>> {
  const files: Record<string, string> = {}
  for (const [at, { kind, locale }] of REPORT_FILES.entries()) {
    const drawer = new ChildWorker<FileToDraw, Uint8Array>(PROCESS)
    try {
      const bytes = await drawer.ask({ kind, locale, dataset: new Uint8Array(dataset) })
      await reportStorage().put(fileKey(id, kind, locale), Readable.from([Buffer.from(bytes)]))
      files[`${locale}.${kind}`] = hashOf(bytes).toString('hex')
    } finally {
      drawer.end()
    }
    await progressTo(id, DONE.figures + (at + 1) * DONE.file)
  }
  return files
}
