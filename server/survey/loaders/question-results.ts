import '#server-only'
import { AGENCY_GROUPS, type Agency, type AgencyGroup, groupOf } from '#domain/survey/agency.ts'
import { addTally, NO_TALLY, type Tally } from '#domain/survey/distribution.ts'
import { isScale, type Question, type Questionnaire } from '#domain/survey/questionnaire.ts'
import type { CityTrend } from '#domain/survey/trend.ts'
import { type Instant, localDate } from '#domain/time.ts'
import { agenciesUpTo } from '../repository/agencies.ts'
import { publicCells } from '../repository/figures.ts'
import { publishedQuestionnaires } from '../repository/questionnaires.ts'
import { questionTrend } from './results.ts'

export interface QuestionOfCity {
  readonly version: number
  readonly question: Question
  readonly city: Tally
  readonly groups: Readonly<Record<AgencyGroup, Tally>>
  /** Those with public answers, in the catalogue's order. */
  readonly agencies: readonly { readonly agency: Agency; readonly tally: Tally }[]
  /** Of a question on a scale; null where it has none. */
  readonly trend: CityTrend | null
}

/** The questions that can be looked up, the newest version first. */
export const askedQuestions = (now: Instant): Promise<Questionnaire[]> => publishedQuestionnaires(now)

/** One question over all agencies; null where it was never asked. */
export async function questionResults(
  version: number,
  key: string,
  now: Instant,
): Promise<QuestionOfCity | null> {
  const versions = await publishedQuestionnaires(now)
  const question = versions.find((one) => one.version === version)?.questions.find((one) => one.key === key)
  if (question === undefined) return null
  const [known, cells, trend] = await Promise.all([
    agenciesUpTo(localDate(now)),
    publicCells({ question: key, questionnaireVersion: version }),
    isScale(question.kind) ? questionTrend(key, now, version) : null,
  ])
  const tallies = new Map<string, Tally>(cells.map((cell) => [cell.agencyId, cell]))
  const tallyOf = ({ id }: Agency): Tally => {
    const { respondents, counts } = tallies.get(id) ?? NO_TALLY
    return { respondents, counts }
  }
  const sum = (some: readonly Agency[]) => some.map(tallyOf).reduce(addTally, NO_TALLY)
  const group = (name: AgencyGroup) => sum(known.filter(({ kind }) => groupOf(kind) === name))
  const [districts, departments] = AGENCY_GROUPS
  return {
    version,
    question,
    city: sum(known),
    groups: { [districts]: group(districts), [departments]: group(departments) },
    agencies: known
      .map((agency) => ({ agency, tally: tallyOf(agency) }))
      .filter(({ tally }) => tally.respondents > 0),
    trend,
  }
}
