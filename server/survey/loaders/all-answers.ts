import '#server-only'
import { type AskedQuestion, askedQuestions } from '#domain/survey/asked-questions.ts'
import { addTally, NO_TALLY, type Tally } from '#domain/survey/distribution.ts'
import { type AgencyVersion, successorsOn, versionOn } from '#domain/survey/lineage.ts'
import { type Instant, localDate } from '#domain/time.ts'
import { agenciesUpTo } from '../repository/agencies.ts'
import { catalogue } from '../repository/catalogue.ts'
import { publicCells } from '../repository/figures.ts'
import { publishedQuestionnaires } from '../repository/questionnaires.ts'

/** One question at one agency, with what became of the agency. */
export interface AgencyAnswers {
  readonly agency: AgencyVersion
  /** The first day on which it was no more, and who has its tasks; null while it is open. */
  readonly ended: { readonly on: string; readonly successors: readonly string[] } | null
  readonly asked: AskedQuestion
  readonly tally: Tally
}

/** Everything that is public of every question at every agency, in the catalogue's order. */
export async function allAnswers(now: Instant): Promise<readonly AgencyAnswers[]> {
  const today = localDate(now)
  const [known, whole, cells, versions] = await Promise.all([
    agenciesUpTo(today),
    catalogue(),
    publicCells({}),
    publishedQuestionnaires(now),
  ])
  const tallies = new Map<string, Tally>()
  for (const { agencyId, version, question, respondents, counts } of cells)
    tallies.set(`${agencyId} ${version} ${question}`, { respondents, counts })
  const every = askedQuestions(versions, now)
  return known.flatMap((agency) => {
    const { id, validTo } = agency
    const ended =
      validTo === null || versionOn([agency], today) !== null
        ? null
        : { on: validTo, successors: successorsOn(whole, id, today).map((one) => one.id) }
    return every.flatMap((asked) => {
      const tally = asked.versions
        .map((version) => tallies.get(`${id} ${version} ${asked.question.key}`) ?? NO_TALLY)
        .reduce(addTally, NO_TALLY)
      return tally.respondents === 0 ? [] : [{ agency, ended, asked, tally }]
    })
  })
}
