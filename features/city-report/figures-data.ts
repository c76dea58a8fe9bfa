import { ANSWERED_STATES } from '#features/questionnaires/suggestions/rules.ts'
import '#server-only'
import { findAgenciesUpTo, readCatalogue } from '#features/agencies/data.ts'
import { AGENCY_GROUPS, type AgencyVersion, groupOf } from '#features/agencies/rules.ts'
import { HEADLINE, isInWords, type Questionnaire } from '#features/questionnaires/questions/rules.ts'
import type { AnsweredState, SuggestionState } from '#features/questionnaires/suggestions/rules.ts'
import { listPublishedQuestionnaires } from '#features/questionnaires/versions/data.ts'
import { COMMENT_THEMES, themesOf, wholeTens } from '#features/ratings/comments/rules.ts'
import { mask } from '#features/ratings/masking/rules.ts'
import { promiseStanding } from '#features/ratings/replies/rules.ts'
import {
  findRuleChange,
  readCoverage,
  readDispersion,
  readPublicKioskWeeks,
  readSameNetwork,
} from '#features/results/data.ts'
import { firstDay, type Month, monthOf, monthsLater, SMALLEST_DIFFERENCE } from '#features/results/rules.ts'
import { fromLocal, type Instant, localDate } from '#lib/time.ts'
import { db } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import { readPublishedMonths } from '../results/data.ts'
import type { ReportRow } from './data.ts'
import { glossary } from './paper/annexes.ts'
import { inside, type Period, throughDay } from './period-rules.ts'
import type { AnsweredWith } from './problems-rules.ts'
import type {
  CityReport,
  ReportComments,
  ReportExclusion,
  ReportOffice,
  ReportPromise,
  ReportSuggestions,
  ReportVoices,
} from './report-rules.ts'
import { cityReport, readFrom } from './rules.ts'

export async function readReportFigures(
  {
    period,
    scope,
    agencyIds,
    recommendations = null,
  }: Pick<ReportRow, 'period' | 'scope' | 'agencyIds'> & Partial<Pick<ReportRow, 'recommendations'>>,
  now: Instant,
): Promise<CityReport> {
  const through = throughDay(period, localDate(now))
  const known = await findAgenciesUpTo(through)
  const end = firstMoment(monthsLater(period.to, 1))
  const [
    answeredWith,
    months,
    beside,
    since,
    dispersion,
    coverage,
    weeks,
    questionnaires,
    suggestions,
    exclusions,
    all,
    promises,
  ] = await Promise.all([
    readAnsweredWith(period, known),
    readPublishedMonths({ from: readFrom(period, through), to: period.to }),
    readSameNetwork({ from: period.from, to: period.to }),
    findRuleChange(),
    readDispersion(now),
    readCoverage(),
    readPublicKioskWeeks(),
    listPublishedQuestionnaires(now),
    suggestionsOf(period, { start: firstMoment(period.from), end }),
    exclusionsOf(period),
    readCatalogue(),
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
    sameNetwork: beside,
    coverage,
    counting: { rule: 'one_network', since, dispersion, smallestDifference: SMALLEST_DIFFERENCE },
    kiosks: weeks.filter(
      ({ question, week }) => question === HEADLINE && inside(period)({ month: week.slice(0, 7) }),
    ),
    questionnaires,
    answeredWith,
    suggestions,
    exclusions,
    comments: figures,
    voices: { promises, texts },
    recommendations,
    glossary: glossary(),
  })
}

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

/** Masks personal data and removes the marks that masking leaves: `[số giấy tờ]` would count as a comment about papers. */
const withoutPersonal = (text: string): string => mask(text).replace(/\[[^\]]*\]/g, ' ')

/** Counts comments by agency, and answers in words by question, in tens of whole months: the current one still grows. */
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

/** Counts the other answers of satisfied and dissatisfied people by group, in some months of publication. */
async function readAnsweredWith({ from, to }: Period, known: readonly AgencyVersion[]) {
  const rows = await db.$queryRaw<(Omit<AnsweredWith, 'group'> & { agencyId: string })[]>`
    SELECT agency_id AS "agencyId", questionnaire_version AS version, answers->>${HEADLINE} IN ('4', '5') AS satisfied,
      question, code, count(*)::int AS people
    FROM survey_responses, jsonb_each_text(answers) AS given (question, code)
    WHERE counted AND NOT same_network AND answers->>${HEADLINE} IS NOT NULL AND question <> ${HEADLINE}
      AND received_month BETWEEN ${firstDay(from)}::date AND ${firstDay(to)}::date
    GROUP BY 1, 2, 3, 4, 5`
  const groups = new Map(known.map(({ id, kind }) => [id, groupOf(kind)]))
  return rows.flatMap(({ agencyId, ...row }) => {
    const group = groups.get(agencyId)
    return group === undefined ? [] : [{ ...row, group }]
  })
}

const within = ({ from, to }: Period) => ({ gte: firstDay(from), lte: firstDay(to) })

const BATCH = 5_000

interface WrittenComment {
  readonly agencyId: string
  readonly questionnaireVersion: number
  /** The free-text question that it answers; null for a comment. */
  readonly question: string | null
  readonly receivedMonth: Date
  readonly text: string
  readonly masked: string | null
}

/** Reads all comments and free-text answers released in some months, a few thousand at a time. The order has no meaning. */
export async function* comments(period: Period): AsyncGenerator<readonly WrittenComment[]> {
  for (let after: string | null = null; ; ) {
    const rows: (WrittenComment & { id: string })[] = await db.surveyComment.findMany({
      where: {
        released: true,
        receivedMonth: within(period),
        ...(after !== null && { id: { gt: after } }),
      },
      orderBy: { id: 'asc' },
      take: BATCH,
      select: {
        ...{ id: true, agencyId: true, questionnaireVersion: true, question: true },
        ...{ receivedMonth: true, text: true, masked: true },
      },
    })
    if (rows.length > 0) yield rows
    after = rows.at(-1)?.id ?? null
    if (rows.length < BATCH) return
  }
}

/** The most answers that a report lists; the public page has all. */
const ANSWERS_TOLD = 500

async function suggestionsOf(
  period: Period,
  { start, end }: { readonly start: Instant; readonly end: Instant },
): Promise<ReportSuggestions> {
  const [received, answered] = await Promise.all([
    db.surveySuggestion.groupBy({
      by: ['state'],
      where: { receivedMonth: within(period) },
      _count: { _all: true },
      orderBy: { state: 'asc' },
    }),
    db.surveySuggestion.findMany({
      where: { answeredAt: { gte: start, lt: end }, state: { in: [...ANSWERED_STATES] } },
      orderBy: [{ answeredAt: 'asc' }, { id: 'asc' }],
      take: ANSWERS_TOLD,
      select: {
        state: true,
        answeredAt: true,
        summaryVi: true,
        summaryEn: true,
        answerVi: true,
        answerEn: true,
        _count: { select: { merged: true } },
      },
    }),
  ])
  return {
    received: received.map(({ state, _count }) => ({ state: state as SuggestionState, count: _count._all })),
    answered: answered.map(({ state, answeredAt, summaryVi, answerVi, _count, ...english }) => ({
      ...english,
      state: state as AnsweredState,
      on: localDate(answeredAt ?? start),
      people: 1 + _count.merged,
      summaryVi: summaryVi ?? '',
      answerVi: answerVi ?? '',
    })),
  }
}

/** Returns how many answers each rule excluded in some months, counted as in the public ledger. */
const exclusionsOf = ({ from, to }: Period): Promise<ReportExclusion[]> =>
  db.$queryRaw<ReportExclusion[]>`
    SELECT reason::text AS reason,
      coalesce(sum(count) FILTER (WHERE reversed_at IS NULL), 0)::int AS excluded,
      coalesce(sum(count) FILTER (WHERE reversed_at IS NOT NULL), 0)::int AS reversed
    FROM survey_exclusions WHERE month BETWEEN ${firstDay(from)}::date AND ${firstDay(to)}::date
    GROUP BY reason ORDER BY reason`

/** The most promises that a report lists; the public pages have all. */
const PROMISES_TOLD = 2_000

async function promisesOf(before: Instant, through: string): Promise<ReportPromise[]> {
  const rows = await db.agencyReply.findMany({
    where: {
      dueOn: { not: null },
      publishedAt: { lt: before },
      OR: [{ withdrawnAt: null }, { withdrawnAt: { gte: before } }],
    },
    orderBy: [{ agencyId: 'asc' }, { publishedAt: 'asc' }, { id: 'asc' }],
    take: PROMISES_TOLD,
    select: {
      ...{ agencyId: true, promiseVi: true, promiseEn: true, dueOn: true, keptAt: true },
      changes: {
        orderBy: { revision: 'asc' },
        select: { promiseVi: true, promiseEn: true, dueOn: true, changedAt: true },
      },
    },
  })
  return rows.map(({ agencyId, changes, keptAt, ...now }) => {
    // The state on that day; later changes are for the next report.
    const later = changes.find(({ changedAt }) => changedAt >= before)
    const { promiseVi, promiseEn, dueOn } = later ?? now
    const due = day(dueOn ?? before)
    const past = changes.filter(({ changedAt }) => changedAt < before).map((change) => day(change.dueOn))
    const kept = keptAt !== null && keptAt < before ? keptAt : null
    const { state, firstDue, late } = promiseStanding({ dueOn: due, before: past, keptAt: kept }, through)
    return {
      ...{ agencyId, vi: promiseVi ?? '', en: promiseEn, firstDue, due, state, late },
      keptOn: kept && localDate(kept),
    }
  })
}

const day = (date: Date): string => date.toISOString().slice(0, 10)
