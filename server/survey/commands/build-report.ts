import '#server-only'
import { createHash } from 'node:crypto'
import { on } from 'node:events'
import { Readable } from 'node:stream'
import { Worker } from 'node:worker_threads'
import { canonicalJson } from '#domain/canonical-json.ts'
import type { Instant } from '#domain/time.ts'
import { type Locale, locales } from '#messages/routing.ts'
import { audit } from '#server/audit/commands.ts'
import { transaction } from '#server/platform/db.ts'
import { reportStorage } from '#server/platform/storage.ts'
import { reportFigures } from '../loaders/report-figures.ts'
import { fileKey, type ReportFile } from '../loaders/reports.ts'
import { datasetOf, freeze, move, progressTo, type ReportRow, reportById } from '../repository/reports.ts'

/** How far a report is, in per cent, when each part of it is done. */
const DONE = { begun: 5, figures: 40, file: 14 } as const
/** A paper and a workbook in each language. */
const FILES = 2 * locales.length

/**
 * Makes a report: freezes what it says, then draws its files from that alone. Doing it again goes on from what was
 * frozen and draws the same files.
 */
export async function buildReport(id: string, now: Instant): Promise<void> {
  const report = await reportById(id)
  if (report === null || report.state === 'ready') return
  await transaction((tx) =>
    move(tx, id, ['queued', 'running', 'failed'], { state: 'running', progress: DONE.begun }),
  )
  try {
    const dataset = await frozenDataset(report, now)
    await progressTo(id, DONE.figures)
    await drawFiles(report, dataset)
    await transaction(async (tx) => {
      const ready = { state: 'ready', progress: 100, readyAt: now } as const
      if (!(await move(tx, id, ['running'], ready))) return
      const subject = { kind: 'report', id } as const
      const facts = { sha256: hashOf(dataset).toString('hex') }
      await audit(tx, { actor: { kind: 'system' }, act: 'survey.report_ready', subject, facts, at: now })
    })
  } catch (error) {
    // Told at once; when the queue has it tried again, it is running again.
    await transaction((tx) => move(tx, id, ['running'], { state: 'failed', progress: 0 }))
    throw error
  }
}

const hashOf = (dataset: Uint8Array): Buffer => createHash('sha256').update(dataset).digest()

async function frozenDataset(report: ReportRow, now: Instant): Promise<Buffer> {
  const known = await datasetOf(report.id)
  if (known !== null) return known
  const dataset = Buffer.from(canonicalJson(await reportFigures(report, now)))
  const first = await transaction((tx) =>
    freeze(tx, report.id, new Uint8Array(dataset), new Uint8Array(hashOf(dataset))),
  )
  return first ? dataset : ((await datasetOf(report.id)) ?? dataset)
}

/** What the thread that draws (drawing.ts) hands over, one after the other. */
export interface DrawnFile {
  readonly kind: ReportFile
  readonly locale: Locale
  readonly bytes: Uint8Array
}

async function drawFiles({ id, askedAt }: ReportRow, dataset: Buffer): Promise<void> {
  const thread = new Worker(new URL('../drawing.ts', import.meta.url), {
    workerData: { dataset, madeAt: askedAt },
    // Left alone it lets garbage lie for longer than the machine may have room for.
    resourceLimits: { maxOldGenerationSizeMb: 512 },
  })
  let files = 0
  try {
    // Ends with the thread, and throws what the thread throws.
    for await (const [{ kind, locale, bytes }] of on(thread, 'message', { close: ['exit'] }) as AsyncIterable<
      [DrawnFile]
    >) {
      await reportStorage().put(fileKey(id, kind, locale), Readable.from([Buffer.from(bytes)]))
      files++
      await progressTo(id, DONE.figures + files * DONE.file)
    }
    if (files < FILES) throw new Error(`${files} of ${FILES} files of a report were drawn`)
  } finally {
    await thread.terminate()
  }
}
