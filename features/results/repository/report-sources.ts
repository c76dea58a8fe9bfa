import '#server-only'
import type {
  PublishedMonth,
  ReportExclusion,
  ReportSuggestions,
} from '#features/city-report/rules/report-data.ts'
import type { Period } from '#features/city-report/rules/report-period.ts'
import type { ReportPromise } from '#features/city-report/rules/report-voices.ts'
import {
  ANSWERED_STATES,
  type AnsweredState,
  type SuggestionState,
} from '#features/questionnaires/rules/suggestion.ts'
import { promiseStanding } from '#features/ratings/replies/rules.ts'
import { type Instant, localDate } from '#lib/time.ts'
import { db } from '#platform/db.ts'
import type { Counts } from '../rules/distribution.ts'
import { firstDay, monthOfDay } from '../rules/month.ts'

const within = ({ from, to }: Period) => ({ gte: firstDay(from), lte: firstDay(to) })

/** Returns what became public in some months, of every question at every agency. */
export async function publishedMonths(period: Period): Promise<PublishedMonth[]> {
  const rows = await db.surveyMonth.findMany({ where: { month: within(period) } })
  return rows.map(({ agencyId, questionnaireVersion, question, month, respondents, counts }) => ({
    agencyId,
    version: questionnaireVersion,
    question,
    month: monthOfDay(month),
    respondents,
    counts: counts as Counts,
  }))
}

const BATCH = 5_000

export interface WrittenComment {
  readonly agencyId: string
  readonly questionnaireVersion: number
  /** The open question that it answers. */
  readonly question: string | null
  readonly receivedMonth: Date
  readonly text: string
  /** The words as the survey manager masked them by hand. */
  readonly masked: string | null
}

/**
 * Reads every comment and open answer released in some months, a few thousand at a time, in no order that means
 * anything.
 */
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

/** A report names so many answers at most: the public page has all. */
const ANSWERS_TOLD = 500

/** Returns the suggestions made in a period, and those answered in it, from `start` to before `end`. */
export async function suggestionsOf(
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

/** Returns what each rule kept out in some months, as the public ledger counts it. */
export const exclusionsOf = ({ from, to }: Period): Promise<ReportExclusion[]> =>
  db.$queryRaw<ReportExclusion[]>`
    SELECT reason::text AS reason,
      coalesce(sum(count) FILTER (WHERE reversed_at IS NULL), 0)::int AS excluded,
      coalesce(sum(count) FILTER (WHERE reversed_at IS NOT NULL), 0)::int AS reversed
    FROM survey_exclusions WHERE month BETWEEN ${firstDay(from)}::date AND ${firstDay(to)}::date
    GROUP BY reason ORDER BY reason`

/** A report names so many promises at most: the public pages have all. */
const PROMISES_TOLD = 2_000

/** Returns the promises published before an instant and not withdrawn by then, as they stood on a local date. */
export async function promisesOf(before: Instant, through: string): Promise<ReportPromise[]> {
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
    // The state at that day; the next report tells later changes.
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
