import '#server-only'
import type { Instant } from '#domain/time.ts'
import { publishedQuestionnaires } from '../repository/questionnaires.ts'
import { countedAnswers } from '../repository/raw-answers.ts'

export interface Exportable {
  readonly version: number
  /** Counted answers: what an export has lines for. */
  readonly answers: number
}

/** The versions of the questions whose answers can be exported, the newest first. */
export async function exportable(now: Instant): Promise<Exportable[]> {
  const [versions, counted] = await Promise.all([publishedQuestionnaires(now), countedAnswers()])
  return versions.map(({ version }) => ({ version, answers: counted.get(version) ?? 0 }))
}
