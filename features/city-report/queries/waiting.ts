import '#server-only'
import { agenciesUpTo } from '#features/agencies/repository/agencies.ts'
import { catalogue } from '#features/agencies/repository/catalogue.ts'
import { countApprovals } from '#features/approvals/data.ts'
import { type Kiosk, silentKiosks } from '#features/kiosks/data.ts'
import { triedVersions, versionPage, versions } from '#features/questionnaires/queries/questionnaires.ts'
import { suggestionCounts } from '#features/questionnaires/repository/suggestions.ts'
import { HEADLINE } from '#features/questionnaires/rules/questionnaire.ts'
import { heldFor } from '#features/ratings/comments/reading-data.ts'
import { answersBetween } from '#features/ratings/mixing/data.ts'
import { promisesDue } from '#features/ratings/replies/data.ts'
import { trendFrom } from '#features/results/queries/results.ts'
import { monthsOfAgencies } from '#features/results/repository/months.ts'
import { monthOf, monthsLater } from '#features/results/rules/month.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { addMilliseconds, DAY, type Instant, localDate } from '#lib/time.ts'
import { type DayCount, inFives } from '../rules/answer-days.ts'
import { type OutsideMonth, outsideMonths } from '../rules/report-front.ts'

/** The largest count of waiting work; counting stops there. */
export const WAITING_MOST = 100
const MOST_LISTED = 20
/** A promise is told of so many days before it falls due. */
export const SOON_DAYS = 7
const SHOWN_DAYS = 30

/** Counts what waits for the survey manager, each up to {@link WAITING_MOST}. */
export interface SurveyWaiting {
  readonly suggestions: number
  readonly held: { readonly held: number; readonly old: number }
  readonly promises: { readonly overdue: number; readonly soon: number }
  /** Counts what others asked for and this manager may confirm. */
  readonly requests: number
  readonly silent: readonly Kiosk[]
  readonly drafts: readonly {
    readonly version: number
    readonly problems: number
    /** The number of questions that were edited in one language only. */
    readonly drifted: number
    /** The version that everybody gets now, where the draft was not made from it. */
    readonly newerBase: number | null
  }[]
  /** Versions whose trial is over and not decided. */
  readonly tried: readonly number[]
  /** Agencies of this month or the last one outside the limits of their own months, in the catalogue's order. */
  readonly outside: readonly (OutsideMonth & { readonly vi: string; readonly en: string })[]
  readonly days: readonly DayCount[]
}

/** Returns what waits for a survey manager; null for everybody else. */
export async function surveyWaiting(actor: StaffActor, now: Instant): Promise<SurveyWaiting | null> {
  if (!may(actor.role, 'survey:manage')) return null
  const most = WAITING_MOST + 1
  const today = localDate(now)
  const [counts, held, promises, requests, silent, drafts, tried, outside, days] = await Promise.all([
    suggestionCounts(['new'], most),
    heldFor(actor, now),
    promisesDue(today, localDate(addMilliseconds(now, SOON_DAYS * DAY)), most),
    countApprovals([actor], now),
    silentKiosks(actor, now, MOST_LISTED),
    draftsOf(actor, now),
    triedVersions(now),
    outsideNow(now),
    answerDays(now),
  ])
  return {
    suggestions: counts.new ?? 0,
    held: held ?? { held: 0, old: 0 },
    promises,
    requests: requests.get(actor.id)?.approval ?? 0,
    ...{ silent, drafts, tried, outside, days },
  }
}

async function draftsOf(actor: StaffActor, now: Instant): Promise<SurveyWaiting['drafts']> {
  const drafts = (await versions(actor, now)).filter(({ state }) => state === 'draft').slice(0, MOST_LISTED)
  const pages = await Promise.all(drafts.map(({ version }) => versionPage(actor, version, now)))
  return pages.flatMap((page) =>
    page === null
      ? []
      : [
          {
            ...{ version: page.version, problems: page.problems.length, newerBase: page.newerBase },
            drifted: new Set(page.oneLanguage.map(({ question }) => question.key)).size,
          },
        ],
  )
}

async function outsideNow(now: Instant): Promise<SurveyWaiting['outside']> {
  const [from, through] = [trendFrom(now), localDate(now)]
  const [agencies, known] = await Promise.all([agenciesUpTo(through), catalogue()])
  const months = Map.groupBy(
    await monthsOfAgencies(
      agencies.map(({ id }) => id),
      HEADLINE,
      from,
    ),
    ({ agencyId }) => agencyId,
  )
  const recent = { from: monthsLater(monthOf(now), -1), to: monthOf(now) }
  const source = { catalogue: known, through, trendFrom: from }
  return agencies.flatMap(({ id, nameVi, nameEn }) =>
    outsideMonths(id, months.get(id) ?? [], source, recent).map((one) => ({
      ...one,
      vi: nameVi,
      en: nameEn,
    })),
  )
}

async function answerDays(now: Instant): Promise<DayCount[]> {
  const today = localDate(now)
  const first = localDate(addMilliseconds(now, -SHOWN_DAYS * DAY))
  return inFives(await answersBetween(first, today), first, today)
}
