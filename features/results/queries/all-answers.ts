import '#server-only'
import { agenciesUpTo } from '#features/agencies/repository/agencies.ts'
import { catalogue } from '#features/agencies/repository/catalogue.ts'
import type { Agency } from '#features/agencies/rules/agency.ts'
import { type AgencyPast, pastOf } from '#features/agencies/rules/lineage.ts'
import { publishedQuestionnaires } from '#features/questionnaires/repository/questionnaires.ts'
import { type AskedQuestion, askedQuestions } from '#features/questionnaires/rules/asked-questions.ts'
import { isInWords } from '#features/questionnaires/rules/question-kinds.ts'
import { textCounts } from '#features/ratings/comments/data.ts'
import { wholeTens } from '#features/ratings/comments/rules.ts'
import { type Instant, localDate } from '#lib/time.ts'
import { publicCells } from '../repository/figures.ts'
import { addTally, NO_TALLY, type Tally } from '../rules/distribution.ts'
import type { TextResult } from './agency-results.ts'

/** The public answers of one agency, question by question, with what became of the agency. */
export interface AgencyAnswers {
  readonly agency: Agency
  readonly past: AgencyPast
  readonly asked: readonly { readonly question: AskedQuestion; readonly tally: Tally }[]
  /** The questions that ten or more have answered in words. */
  readonly texts: readonly TextResult[]
}

/** Returns everything that is public of every question at every agency, in the catalogue's order. */
export async function allAnswers(now: Instant): Promise<readonly AgencyAnswers[]> {
  const today = localDate(now)
  const [known, whole, cells, versions, counted] = await Promise.all([
    agenciesUpTo(today),
    catalogue(),
    publicCells({}),
    publishedQuestionnaires(now),
    textCounts(),
  ])
  const tallies = new Map<string, Tally>()
  for (const { agencyId, version, question, respondents, counts } of cells)
    tallies.set(`${agencyId} ${version} ${question}`, { respondents, counts })
  const every = askedQuestions(versions, now)
  const inWords = versions.flatMap(({ version, questions }) =>
    questions.filter(({ kind }) => isInWords(kind)).map(({ key, vi, en }) => ({ version, key, vi, en })),
  )
  return known.map((agency) => {
    const { id } = agency
    const asked = every.flatMap((question) => {
      const tally = question.versions
        .map((version) => tallies.get(`${id} ${version} ${question.question.key}`) ?? NO_TALLY)
        .reduce(addTally, NO_TALLY)
      return tally.respondents === 0 ? [] : [{ question, tally }]
    })
    const texts = inWords.flatMap((one) => {
      const found = counted.find(
        ({ agencyId, version, question }) =>
          agencyId === id && version === one.version && question === one.key,
      )
      const answers = wholeTens(found?.answers ?? 0)
      return answers === 0 ? [] : [{ ...one, answers }]
    })
    return { agency, past: pastOf(whole, id, today), asked, texts }
  })
}
