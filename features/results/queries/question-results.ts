import '#server-only'
import { agenciesUpTo } from '#features/agencies/repository/agencies.ts'
import { AGENCY_GROUPS, type Agency, type AgencyGroup, groupOf } from '#features/agencies/rules/agency.ts'
import { publishedQuestionnaires } from '#features/questionnaires/repository/questionnaires.ts'
import {
  type AskedQuestion,
  askedQuestions,
  type QuestionUse,
  type Trial,
  trialsBy,
  versionsInOrder,
} from '#features/questionnaires/rules/asked-questions.ts'
import { isScale, type Questionnaire } from '#features/questionnaires/rules/questionnaire.ts'
import { type Instant, localDate } from '#lib/time.ts'
import { publicCells } from '../repository/figures.ts'
import { addTally, NO_TALLY, type Tally } from '../rules/distribution.ts'
import type { CityTrend } from '../rules/trend.ts'
import { questionTrend } from './results.ts'

export interface QuestionOfCity extends AskedQuestion {
  /** The trials among its versions. */
  readonly trials: readonly Trial[]
  readonly city: Tally
  readonly groups: Readonly<Record<AgencyGroup, Tally>>
  /** The agencies with public answers, in the catalogue's order. */
  readonly agencies: readonly { readonly agency: Agency; readonly tally: Tally }[]
  /** The trend of a question on a scale; null for any other. */
  readonly trend: CityTrend | null
}

export interface QuestionsOfVersion extends Questionnaire {
  readonly use: QuestionUse
  /** The trial's days, where the version is or was on trial. */
  readonly trial: Trial | null
}

/** Returns the questions that can be looked up: the version in use first, those on trial last. */
export async function questionsByVersion(now: Instant): Promise<QuestionsOfVersion[]> {
  const all = await publishedQuestionnaires(now)
  const trials = trialsBy(all, now)
  return versionsInOrder(all, now).map(({ one, use }) => ({
    ...one,
    use,
    trial: trials.find(({ version }) => version === one.version) ?? null,
  }))
}

/**
 * Returns one question over all agencies, the answers of every version that asks the same added up; null where it was
 * never asked. Asked for under another of these versions, it is the same.
 */
export async function questionResults(
  version: number,
  key: string,
  now: Instant,
): Promise<QuestionOfCity | null> {
  const all = await publishedQuestionnaires(now)
  const asked = askedQuestions(all, now).find(
    ({ question, versions }) => question.key === key && versions.includes(version),
  )
  if (asked === undefined) return null
  const { question, versions } = asked
  const [known, cells, trend] = await Promise.all([
    agenciesUpTo(localDate(now)),
    publicCells({ question: key, versions }),
    isScale(question.kind) ? questionTrend(key, now, versions) : null,
  ])
  const tallies = new Map<string, Tally>()
  for (const { agencyId, respondents, counts } of cells)
    tallies.set(agencyId, addTally(tallies.get(agencyId) ?? NO_TALLY, { respondents, counts }))
  const tallyOf = ({ id }: Agency): Tally => tallies.get(id) ?? NO_TALLY
  const sum = (some: readonly Agency[]) => some.map(tallyOf).reduce(addTally, NO_TALLY)
  const group = (name: AgencyGroup) => sum(known.filter(({ kind }) => groupOf(kind) === name))
  const [districts, departments] = AGENCY_GROUPS
  return {
    ...asked,
    trials: trialsBy(all, now).filter((trial) => versions.includes(trial.version)),
    city: sum(known),
    groups: { [districts]: group(districts), [departments]: group(departments) },
    agencies: known
      .map((agency) => ({ agency, tally: tallyOf(agency) }))
      .filter(({ tally }) => tally.respondents > 0),
    trend,
  }
}
