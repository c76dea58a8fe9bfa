import '#server-only'
import { publishedQuestionnaires } from '#features/questionnaires/repository/questionnaires.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import type { Instant } from '#lib/time.ts'
import { countedAnswers } from '../repository/raw-answers.ts'

export interface Exportable {
  readonly version: number
  /** Counted answers: what an export has lines for. */
  readonly answers: number
}

/** Returns the versions of the questions whose answers the actor can export, the newest first. */
export async function exportable(actor: StaffActor, now: Instant): Promise<Exportable[]> {
  if (!may(actor.role, 'survey:manage')) return []
  const [versions, counted] = await Promise.all([publishedQuestionnaires(now), countedAnswers()])
  return versions.map(({ version }) => ({ version, answers: counted.get(version) ?? 0 }))
}
