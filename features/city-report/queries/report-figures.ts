import '#server-only'
import { agenciesUpTo } from '#features/agencies/repository/agencies.ts'
import { catalogue } from '#features/agencies/repository/catalogue.ts'
import { AGENCY_GROUPS, groupOf } from '#features/agencies/rules/agency.ts'
import type { AgencyVersion } from '#features/agencies/rules/lineage.ts'
import type { CityReport, ReportComments, ReportOffice } from '#features/city-report/rules/report-data.ts'
import { publishedQuestionnaires } from '#features/questionnaires/repository/questionnaires.ts'
import { isInWords } from '#features/questionnaires/rules/question-kinds.ts'
import { HEADLINE, type Questionnaire } from '#features/questionnaires/rules/questionnaire.ts'
import { COMMENT_THEMES, themesOf, wholeTens } from '#features/ratings/comments/rules.ts'
import { mask } from '#features/ratings/masking/rules.ts'
import { publicKioskWeeks } from '#features/results/repository/figures.ts'
import {
  comments,
  exclusionsOf,
  promisesOf,
  publishedMonths,
  suggestionsOf,
} from '#features/results/repository/report-sources.ts'
import { type Month, monthOf, monthsLater } from '#features/results/rules/month.ts'
import { fromLocal, type Instant, localDate } from '#lib/time.ts'
import { env } from '#platform/env.ts'
import { glossary } from '../components/paper/annexes.ts'
import type { ReportRow } from '../repository/reports.ts'
import { cityReport, readFrom } from '../rules/city-report.ts'
import { type Period, throughDay } from '../rules/report-period.ts'
import type { ReportVoices } from '../rules/report-voices.ts'

/** Returns the whole content of a report for its period, as it is public now. */
export async function reportFigures(
  {
    period,
    scope,
    agencyIds,
    recommendations = null,
  }: Pick<ReportRow, 'period' | 'scope' | 'agencyIds'> & Partial<Pick<ReportRow, 'recommendations'>>,
  now: Instant,
): Promise<CityReport> {
  const through = throughDay(period, localDate(now))
  const known = await agenciesUpTo(through)
  const end = firstMoment(monthsLater(period.to, 1))
  const [months, weeks, questionnaires, suggestions, exclusions, all, promises] = await Promise.all([
    publishedMonths({ from: readFrom(period, through), to: period.to }),
    publicKioskWeeks(),
    publishedQuestionnaires(now),
    suggestionsOf(period, { start: firstMoment(period.from), end }),
    exclusionsOf(period),
    catalogue(),
    promisesOf(end < now ? end : now, through),
  ])
  const { texts, ...figures } = await commentFigures(period, known, questionnaires, now)
  return cityReport({
    office: office(),
    period,
    through,
    scope,
    agencyIds,
    known,
    catalogue: all,
    months,
    kiosks: weeks.filter(({ question, week }) => question === HEADLINE && isWithin(week.slice(0, 7), period)),
    questionnaires,
    suggestions,
    exclusions,
    comments: figures,
    voices: { promises, texts },
    recommendations,
    glossary: glossary(),
  })
}

const isWithin = (month: string, { from, to }: Period): boolean => from <= month && month <= to

const office = (): ReportOffice => ({
  vi: env().REPORT_OFFICE,
  en: env().REPORT_OFFICE_EN,
  abbreviation: env().REPORT_OFFICE_SHORT,
})

function firstMoment(month: Month): Instant {
  const at = fromLocal(Number(month.slice(0, 4)), Number(month.slice(5)), 1, 0, 0)
  if (at === null) throw new RangeError(`no month: ${month}`)
  return at
}

/**
 * Removes the marks that masking leaves, since they are not words of the comment: `[số giấy tờ]` says nothing about
 * papers.
 */
const withoutPersonal = (text: string): string => mask(text).replace(/\[[^\]]*\]/g, ' ')

/**
 * Counts comments by agency, answers in words by question and agency, and themes by group, each month's told in
 * whole tens. Months that still run are left out: their counts move one by one.
 */
async function commentFigures(
  { from, to }: Period,
  known: readonly AgencyVersion[],
  questionnaires: readonly Questionnaire[],
  now: Instant,
): Promise<ReportComments & Pick<ReportVoices, 'texts'>> {
  const over = { from, to: [to, monthsLater(monthOf(now), -1)].toSorted()[0] ?? to }
  const groups = new Map(known.map(({ id, kind }) => [id, groupOf(kind)]))
  const counts = new Map<string, Map<number, number>>()
  const count = (of: string, month: Date) => {
    const months = counts.get(of) ?? new Map<number, number>()
    months.set(month.getTime(), (months.get(month.getTime()) ?? 0) + 1)
    counts.set(of, months)
  }
  for await (const some of comments(over)) {
    for (const { agencyId, questionnaireVersion, question, receivedMonth, text, masked } of some) {
      count(agencyId, receivedMonth)
      if (question !== null) count(`${questionnaireVersion} ${question} ${agencyId}`, receivedMonth)
      for (const theme of themesOf(withoutPersonal(masked ?? text)))
        count(`${groups.get(agencyId)} ${theme}`, receivedMonth)
    }
  }
  const told = (of: string) =>
    [...(counts.get(of)?.values() ?? [])].map(wholeTens).reduce((sum, tens) => sum + tens, 0)
  return {
    texts: questionnaires.flatMap(({ version, questions }) =>
      questions
        .filter(({ kind }) => isInWords(kind))
        .map(({ key, vi, en }) => ({
          ...{ version, key, vi, en },
          agencies: known
            .map(({ id }) => ({ id, answers: told(`${version} ${key} ${id}`) }))
            .filter(({ answers }) => answers > 0),
        })),
    ),
    agencies: known.map(({ id }) => ({ id, comments: told(id) })).filter((agency) => agency.comments > 0),
    themes: AGENCY_GROUPS.flatMap((group) =>
      COMMENT_THEMES.map((theme) => ({ group, theme, comments: told(`${group} ${theme}`) })),
    ),
  }
}
