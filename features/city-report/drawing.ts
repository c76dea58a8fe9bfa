import '#server-only'
import { createHash } from 'node:crypto'
import { answerWork } from '#platform/child-worker.ts'
import type { FileToDraw } from './acts.ts'
import { reportPdf } from './paper/document.ts'
import { reportWorkbook } from './paper/workbook.ts'
import type { CityReport } from './report-rules.ts'

// Runs in its own process, which city-report/acts.ts starts.

answerWork<FileToDraw, Uint8Array>(async ({ kind, locale, dataset }) => {
  const sha256 = createHash('sha256').update(dataset).digest('hex')
  /** Read back from the frozen bytes, so that nothing else can get into the files. */
  const report = JSON.parse(Buffer.from(dataset).toString()) as CityReport
  const madeAt = new Date(report.period.through)
  const draw = kind === 'pdf' ? reportPdf : reportWorkbook
  return new Uint8Array(await draw({ report, sha256, madeAt, locale }))
})
