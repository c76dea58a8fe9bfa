import '#server-only'
import { add, type Counts } from '#domain/survey/distribution.ts'
import { HEADLINE, type Question } from '#domain/survey/questionnaire.ts'
import { type AgencyFigures, type CityResults, cityResults } from '#domain/survey/results.ts'
import { type Instant, localDate } from '#domain/time.ts'
import { agenciesUpTo, versionsOf } from '../repository/agencies.ts'
import { type PublicCell, publicCells } from '../repository/figures.ts'
import { publishedQuestionnaires } from '../repository/questionnaires.ts'

/** Counts by agency, over every version of the questionnaire. */
function byAgency(cells: readonly PublicCell[]): Map<string, Counts> {
  const counts = new Map<string, Counts>()
  for (const cell of cells) counts.set(cell.agencyId, add(counts.get(cell.agencyId) ?? {}, cell.counts))
  return counts
}

const isOpen = (validTo: string | null, now: Instant): boolean => validTo === null || validTo > localDate(now)

/** The public figures of the city, its two groups and every agency. Reads one row an agency, however many answers. */
export async function results(now: Instant): Promise<CityResults> {
  const [all, cells] = await Promise.all([agenciesUpTo(localDate(now)), publicCells({ question: HEADLINE })])
  const counts = byAgency(cells)
  // What has ended keeps its figures, and its part in every total; without any there is nothing to show of it.
  return cityResults(
    all.filter(({ id, validTo }) => isOpen(validTo, now) || counts.has(id)),
    counts,
  )
}

export interface QuestionResult {
  readonly version: number
  readonly question: Question
  /** Null where too few have answered it. */
  readonly counts: Counts | null
}

export interface AgencyResults extends AgencyFigures {
  /** Question by question, the newest version of the questions first; empty where the agency is suppressed. */
  readonly questions: readonly QuestionResult[]
}

/** The public figures of one agency; null where there is none of that id. */
export async function agencyResults(id: string, now: Instant): Promise<AgencyResults | null> {
  const agency = (await versionsOf(id, localDate(now))).at(-1)
  if (agency === undefined) return null
  const [cells, versions] = await Promise.all([publicCells({ agencyId: id }), publishedQuestionnaires(now)])
  const headline = byAgency(cells.filter(({ question }) => question === HEADLINE))
  const [figures] = cityResults([agency], headline).agencies
  if (figures === undefined) return null
  const asked = versions.filter(({ version }) => cells.some((cell) => cell.version === version))
  const questions = asked.flatMap(({ version, questions }) =>
    questions.map((question) => {
      const cell = cells.find((one) => one.version === version && one.question === question.key)
      const counts = cell && cell.respondents > 0 ? cell.counts : null
      return { version, question, counts }
    }),
  )
  return { ...figures, questions }
}
