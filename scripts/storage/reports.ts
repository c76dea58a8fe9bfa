import { fileKey, REPORT_FILES } from '#features/city-report/page-data.ts'
import { db } from '#platform/db.ts'

/** Returns the sorted keys of all files of the survey's reports. */
export async function reportKeys(): Promise<string[]> {
  const ready = await db.surveyReport.findMany({ where: { state: 'ready' }, select: { id: true } })
  return ready
    .flatMap(({ id }) => REPORT_FILES.map(({ kind, locale }) => fileKey(id, kind, locale)))
    .toSorted()
}
