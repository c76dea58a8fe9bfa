import '#server-only'
import { createHash } from 'node:crypto'
import { parentPort, workerData } from 'node:worker_threads'
import { reportPdf } from '#components/paper/city-report/document.ts'
import { reportWorkbook } from '#components/paper/city-report/workbook.ts'
import type { CityReport } from '#domain/survey/city-report.ts'
import type { Instant } from '#domain/time.ts'
import { locales } from '#messages/routing.ts'
import type { DrawnFile } from './commands/build-report.ts'

// A thread of its own (build-report.ts): drawing takes seconds in which nothing else on the same thread goes on.

const { dataset, madeAt } = workerData as { readonly dataset: Uint8Array; readonly madeAt: Instant }
const sha256 = createHash('sha256').update(dataset).digest('hex')
/** Read back from the frozen bytes: nothing else can get into the files. */
const report = JSON.parse(Buffer.from(dataset).toString()) as CityReport

for (const locale of locales) {
  const frozen = { report, sha256, madeAt, locale }
  const files: DrawnFile[] = [
    { kind: 'pdf', locale, bytes: await reportPdf(frozen) },
    { kind: 'xlsx', locale, bytes: await reportWorkbook(frozen) },
  ]
  for (const file of files) parentPort?.postMessage(file)
}
