import '#server-only'
import { type VersionDates, type VersionState, versionState } from '#domain/survey/version.ts'
import type { Instant } from '#domain/time.ts'
import { allVersions } from '../repository/questionnaires.ts'

export interface VersionRow extends VersionDates {
  readonly state: VersionState
  readonly questions: number
}

/** Every version there is, drafts included, newest first. */
export async function versions(now: Instant): Promise<VersionRow[]> {
  const all = await allVersions()
  return all.map(({ questions, ...one }) => ({
    ...one,
    state: versionState(one, all, now),
    questions: questions.length,
  }))
}
