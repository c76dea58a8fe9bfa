import '#server-only'
import {
  findAgenciesUpTo,
  findAgencyVersions,
  findHandoversTo,
  type Handover,
  readCatalogue,
} from '#features/agencies/data.ts'
import { type Agency, groupOf, type Renaming, renamingsOf } from '#features/agencies/rules.ts'
import { breaksOf, cutsOf } from '#features/city-report/period-rules.ts'
import { HEADLINE, isInWords, type Questionnaire } from '#features/questionnaires/questions/rules.ts'
import { listPublishedQuestionnaires } from '#features/questionnaires/versions/data.ts'
import {
  type AskedQuestion,
  askedQuestions,
  type Trial,
  trialsBy,
} from '#features/questionnaires/versions/rules.ts'
import { countTexts } from '#features/ratings/comments/data.ts'
import { wholeTens } from '#features/ratings/comments/rules.ts'
import { readInvited } from '#features/ratings/invitations/data.ts'
import { ANSWER_CHANNELS, type AnswerChannel } from '#features/ratings/rating/rules.ts'
import { type Instant, localDate } from '#lib/time.ts'
import { db } from '#platform/db.ts'
import {
  type AgencyMonth,
  FIRST_MONTH,
  findRuleChange,
  type KioskWeek,
  type PublicCell,
  readDispersion,
  readMonthsOfAgencies,
  readPublicCells,
  readPublicKioskWeeks,
  readPublicParts,
  readResults,
  trendFrom,
} from './data.ts'
import type { Dispersion } from './dispersion-rules.ts'
import { TOP_TWO } from './figure-rules.ts'
import { type InvitedResult, invitedResults } from './invited/rules.ts'
import type { Facet } from './parts/rules.ts'
import { type AgencyFigures, type Figures, figures, monthOfDay, ruleCuts, type Totals } from './rules.ts'
import type { ByChannel } from './splits/rules.ts'
import { addByChannel, addByCode, type ByCode, NO_SPLIT } from './splits/rules.ts'
import { add, addTally, type Counts, NO_TALLY, type Tally } from './tally-rules.ts'
import { addUpMonths, computeTrend, shownFrom, type TrendSeries } from './trend/rules.ts'

interface QuestionResult extends AskedQuestion {
  readonly respondents: number
  /** Overdispersion of its answers; absent where it is not stated. */
  readonly dispersion?: number
  /** Null where too few have answered. */
  readonly counts: Counts | null
}

/** A question answered in free text; the agency reads the answers as comments. */
export interface TextResult {
  readonly version: number
  readonly key: string
  readonly vi: string
  readonly en: string
  /** Rounded down to the ten: 0 below ten. */
  readonly answers: number
}

interface Reorganisation {
  /** A local date. */
  readonly on: string
  readonly agencies: readonly Agency[]
  readonly basis: string
}

export interface AgencyTrend {
  readonly own: readonly TrendSeries[]
  /** The combined trend, until that day, of the agencies whose tasks it took over. */
  readonly before: readonly TrendSeries[]
  /** The local dates on which tasks came to it or left it, or came to its predecessors. */
  readonly breaks: readonly string[]
  /** The local date since which only one answer per network and day counts; null where that is the whole trend. */
  readonly rule: string | null
  /** The reorganisations that formed the agency, the latest first. */
  readonly from: readonly Reorganisation[]
}

export interface AgencyResults extends AgencyFigures {
  /** The totals of its group, against which its band is computed. */
  readonly group: Totals
  readonly trend: AgencyTrend
  /** The headline with and without dossier code; null until the two can be published apart. */
  readonly codes: { readonly withCode: Figures; readonly withoutCode: Figures } | null
  /** The headline by channel through which the form was opened; null until the channels can be published apart. */
  readonly channels: readonly { readonly channel: AnswerChannel; readonly figures: Figures }[] | null
  /** The headline by month of service, by procedure, and by whether the case was over, as far as these parts are public. */
  readonly parts: readonly { readonly facet: Facet; readonly value: string; readonly figures: Figures }[]
  /** The published answers of people drawn at random and invited, the newest first. */
  readonly invited: readonly InvitedResult[]
  /** The published answers of its kiosks, kept out of all other figures; null where none are public. */
  readonly kiosks: KioskResults | null
  /** The questions with options, once each: of the version in use, of earlier versions, of a trial. */
  readonly questions: readonly QuestionResult[]
  /** The free-text questions of the versions asked here, listed separately because they have no options. */
  readonly texts: readonly TextResult[]
  /** Widens every interval of these results. */
  readonly dispersion: Dispersion
  /** The past and current trials beside the version in use, the latest first. */
  readonly trials: readonly Trial[]
  /** The number of questionnaire versions so far; each one's groups of ten are counted separately. */
  readonly versions: number
  /** Its former names, the latest first. The figures cover all of its names. */
  readonly renamings: readonly Renaming[]
}

interface KioskResults {
  readonly headline: Figures
  /** The Monday of the last week with published answers, a local date. */
  readonly week: string
  readonly weeks: readonly KioskWeek[]
}

const kioskResults = (weeks: readonly KioskWeek[], dispersion: number): KioskResults | null => {
  const week = weeks.at(-1)?.week
  const headline = weeks.filter(({ question }) => question === HEADLINE).map(({ counts }) => counts)
  return week === undefined ? null : { headline: figures(headline.reduce(add, {}), dispersion), week, weeks }
}

const channelFigures = (split: ByChannel, dispersion: number): AgencyResults['channels'] => {
  const told = ANSWER_CHANNELS.flatMap((channel) => {
    const counts = split[channel]
    return counts === undefined ? [] : [{ channel, figures: figures(counts, dispersion) }]
  })
  return told.length > 0 ? told : null
}

/** Returns the public figures of one agency, even of one that was reorganised away; null for an unknown id. */
export async function readAgencyResults(id: string, now: Instant): Promise<AgencyResults | null> {
  const today = localDate(now)
  const names = await findAgencyVersions(id, today)
  const agency = names.at(-1)
  if (agency === undefined) return null
  const [city, dispersion, cells, versions, split, come, ways, kiosks, invited, parts] = await Promise.all([
    readResults(now),
    readDispersion(now),
    readPublicCells({ agencyId: id }),
    listPublishedQuestionnaires(now),
    readPublicSplits(id),
    findHandoversTo(id, today),
    readPublicChannels(id),
    readPublicKioskWeeks(id),
    readInvited(id),
    readPublicParts(id),
  ])
  const { factor } = dispersion
  const own = [...city.agencies, ...city.former].find((one) => one.agency.id === id)
  const codes = {
    withCode: figures(split.withCode, factor),
    withoutCode: figures(split.withoutCode, factor),
  }
  return {
    ...(own ?? { agency, band: null, visible: null, coverage: null, sameNetwork: 0, ...figures({}) }),
    group: city.groups[groupOf(agency.kind)],
    trend: await agencyTrend(id, come, factor, now),
    codes: codes.withCode.responses > 0 ? codes : null,
    channels: channelFigures(ways, factor),
    invited: invitedResults(invited),
    parts: parts.map(({ facet, value, counts }) => ({ facet, value, figures: figures(counts, factor) })),
    kiosks: kioskResults(kiosks, factor),
    questions: questionFigures(askedQuestions(versions, now), cells, factor),
    dispersion,
    texts: await textResults(id, versions, cells),
    trials: trialsBy(versions, now),
    versions: versions.length,
    renamings: renamingsOf(names),
  }
}

async function readPublicChannels(agencyId: string): Promise<ByChannel> {
  const rows = await db.surveyChannelSplit.findMany({ where: { agencyId }, select: { published: true } })
  return rows.map(({ published }) => published as ByChannel).reduce(addByChannel, {})
}

async function readPublicSplits(agencyId?: string): Promise<ByCode> {
  const rows = await db.surveyCodeSplit.findMany({
    where: { ...(agencyId !== undefined && { agencyId }) },
    select: { withCode: true, withoutCode: true },
  })
  return rows
    .map((row) => ({ withCode: row.withCode as Counts, withoutCode: row.withoutCode as Counts }))
    .reduce(addByCode, NO_SPLIT)
}

/** Returns the figures of each question, added up over the versions that ask it; skips questions that were not asked here. */
function questionFigures(asked: readonly AskedQuestion[], cells: readonly PublicCell[], dispersion: number) {
  const here = new Set(cells.map(({ version }) => version))
  return asked
    .filter(({ use, versions }) =>
      use === 'current' ? here.size > 0 : versions.some((one) => here.has(one)),
    )
    .map((one) => {
      const { respondents, counts } = cells
        .filter(({ question, version }) => question === one.question.key && one.versions.includes(version))
        .reduce<Tally>(addTally, NO_TALLY)
      const told = { ...one, respondents, counts: respondents > 0 ? counts : null }
      return dispersion === 1 ? told : { ...told, dispersion }
    })
}

async function textResults(id: string, versions: readonly Questionnaire[], cells: readonly PublicCell[]) {
  const here = new Set(cells.map(({ version }) => version))
  const asked = versions
    .filter(({ version }) => here.has(version))
    .flatMap(({ version, questions }) =>
      questions.filter(({ kind }) => isInWords(kind)).map(({ key, vi, en }) => ({ version, key, vi, en })),
    )
  if (asked.length === 0) return []
  const counts = await countTexts(id)
  return asked.map((one) => {
    const found = counts.find(({ version, question }) => version === one.version && question === one.key)
    return { ...one, answers: wholeTens(found?.answers ?? 0) }
  })
}

async function agencyTrend(id: string, come: readonly Handover[], dispersion: number, now: Instant) {
  const [start, today] = [trendFrom(now), localDate(now)]
  // The month in which each agency last gave tasks away; from then on its figures are its own.
  const before = new Map(come.toReversed().map(({ from, on }) => [from, monthOfDay(new Date(on))]))
  before.delete(id)
  const [months, known, from, since] = await Promise.all([
    readMonthsOfAgencies([id, ...before.keys()], HEADLINE, FIRST_MONTH),
    readCatalogue(),
    reorganisations(come, today),
    findRuleChange(),
  ])
  const broken = (ids: ReadonlySet<string>, of: readonly AgencyMonth[]) => {
    const breaks = breaksOf(known, ids, { first: `${FIRST_MONTH}-01`, last: today })
    const series = computeTrend(
      addUpMonths(of),
      [...cutsOf(known, ids, breaks), ...ruleCuts(since)],
      TOP_TWO,
      dispersion,
    )
    return { breaks: breaks.filter(({ on }) => on >= `${start}-01`), series: shownFrom(series, start) }
  }
  const own = broken(
    new Set([id]),
    months.filter(({ agencyId }) => agencyId === id),
  )
  const past = months.filter(({ agencyId, month }) => month < (before.get(agencyId) ?? ''))
  return {
    own: own.series,
    before: broken(new Set(before.keys()), past).series,
    breaks: [...new Set([...come, ...own.breaks].map(({ on }) => on))].toSorted(),
    rule: since !== null && since >= `${start}-01` ? since : null,
    from,
  }
}

async function reorganisations(handovers: readonly Handover[], today: string): Promise<Reorganisation[]> {
  if (handovers.length === 0) return []
  const known = await findAgenciesUpTo(today)
  return [...new Set(handovers.map(({ on }) => on))].map((on) => {
    const some = handovers.filter((handover) => handover.on === on)
    const ids = new Set(some.map(({ from }) => from))
    return {
      on,
      agencies: known.filter((agency) => ids.has(agency.id)),
      basis: [...new Set(some.map(({ basis }) => basis))].join('; '),
    }
  })
}
