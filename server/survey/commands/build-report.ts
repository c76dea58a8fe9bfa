import '#server-only'
import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { reportPdf } from '#components/paper/city-report/document.ts'
import { reportWorkbook } from '#components/paper/city-report/workbook.ts'
import { canonicalJson } from '#domain/canonical-json.ts'
import type { CityReport } from '#domain/survey/city-report.ts'
import type { Instant } from '#domain/time.ts'
import { locales } from '#messages/routing.ts'
import { audit } from '#server/audit/commands.ts'
import { transaction } from '#server/platform/db.ts'
import { reportStorage } from '#server/platform/storage.ts'
import { reportFigures } from '../loaders/report-figures.ts'
import { fileKey } from '../loaders/reports.ts'
import { datasetOf, freeze, move, progressTo, type ReportRow, reportById } from '../repository/reports.ts'

/** How far a report is, in per cent, when each part of it is done. */
const DONE = { begun: 5, figures: 40, file: 15 } as const

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
    const frozen = await freezeReport(report, now)
    await progressTo(id, DONE.figures)
    await drawFiles(report, frozen)
    await transaction(async (tx) => {
      const ready = { state: 'ready', progress: 100, readyAt: now } as const
      if (!(await move(tx, id, ['running'], ready))) return
      const subject = { kind: 'report', id } as const
      const facts = { sha256: frozen.sha256 }
      await audit(tx, { actor: { kind: 'system' }, act: 'survey.report_ready', subject, facts, at: now })
    })
  } catch (error) {
    // Told at once; when the queue has it tried again, it is running again.
    await transaction((tx) => move(tx, id, ['running'], { state: 'failed', progress: 0 }))
    throw error
  }
}

interface Frozen {
  readonly report: CityReport
  readonly sha256: string
}

async function freezeReport(report: ReportRow, now: Instant): Promise<Frozen> {
  const known = await datasetOf(report.id)
  if (known !== null) return frozenOf(known)
  const dataset = Buffer.from(canonicalJson(await reportFigures(report, now)))
  const frozen = frozenOf(dataset)
  const first = await transaction((tx) =>
    freeze(tx, report.id, new Uint8Array(dataset), new Uint8Array(Buffer.from(frozen.sha256, 'hex'))),
  )
  return first ? frozen : frozenOf((await datasetOf(report.id)) ?? dataset)
}

/** What is drawn is read back from the frozen bytes: nothing else can get into the files. */
const frozenOf = (dataset: Buffer): Frozen => ({
  report: JSON.parse(dataset.toString()) as CityReport,
  sha256: createHash('sha256').update(dataset).digest('hex'),
})

async function drawFiles({ id, askedAt }: ReportRow, { report, sha256 }: Frozen): Promise<void> {
  const storage = reportStorage()
  let progress: number = DONE.figures
  for (const locale of locales) {
    for (const kind of ['pdf', 'xlsx'] as const) {
      const draw = kind === 'pdf' ? reportPdf : reportWorkbook
      const bytes = await draw({ report, sha256, madeAt: askedAt, locale })
      await storage.put(fileKey(id, kind, locale), Readable.from([bytes]))
      progress += DONE.file
      await progressTo(id, Math.min(99, progress))
    }
  }
}
