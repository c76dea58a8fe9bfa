import '#server-only'
import { createHash } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { findAgenciesOn, findAgenciesUpTo, readCatalogue } from '#features/agencies/data.ts'
import { type AgencyKind, type Places, placesOf } from '#features/agencies/rules.ts'
import { countApprovals } from '#features/approvals/data.ts'
import { listEntries } from '#features/audit/entries/data.ts'
import { findReportEntries } from '#features/audit/published/data.ts'
import { type Kiosk, listSilentKiosks } from '#features/kiosks/data.ts'
import { HEADLINE } from '#features/questionnaires/questions/rules.ts'
import { countSuggestions } from '#features/questionnaires/suggestions/data.ts'
import { listTriedVersions, listVersions, readVersionPage } from '#features/questionnaires/versions/data.ts'
import { countHeldFor } from '#features/ratings/comments/reading-data.ts'
import { countAnswersBetween } from '#features/ratings/mixing/data.ts'
import { countPromisesDue } from '#features/ratings/replies/data.ts'
import {
  findFirstMonth,
  findRuleChange,
  readDispersion,
  readMonthsOfAgencies,
  trendFrom,
} from '#features/results/data.ts'
import { type Month, monthOf, monthsLater } from '#features/results/rules.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { addMilliseconds, DAY, type Instant, localDate } from '#lib/time.ts'
import { type Locale, locales } from '#messages/routing.ts'
import { db } from '#platform/db.ts'
import { isOverloaded } from '#platform/overload.ts'
import { MissingFile, reportStorage } from '#platform/storage.ts'
import {
  findPublishedByHash,
  findReport,
  type ReportRow,
  readDataset,
  readFrozenKinds,
  readFrozenThrough,
  readReports,
} from './data.ts'
import { type OutsideMonth, outsideMonths } from './front-rules.ts'
import { hasEnded, throughDay } from './period-rules.ts'
import { type DayCount, inFives } from './report-rules.ts'
import { isCoveredBy } from './rules.ts'

export type { ReportRow } from './data.ts'

const PAGE = 20
const PUBLIC_SHOWN = 12
/** More entries than the log has of one report. */
const ENTRIES = 200

export type ReportFile = 'pdf' | 'xlsx'

/** Returns the key under which a file of a report lies. */
export const fileKey = (id: string, kind: ReportFile, locale: Locale): string => `${id}.${kind}${locale}`

/** Every file that is drawn of a report, by the name it is downloaded under. */
export const REPORT_FILES: readonly { readonly kind: ReportFile; readonly locale: Locale }[] =
  locales.flatMap((locale) => [
    { kind: 'pdf' as const, locale },
    { kind: 'xlsx' as const, locale },
  ])

/** Returns a file's bytes; null where it is gone. @throws where the store does not answer */
async function fileOf(id: string, kind: ReportFile, locale: Locale): Promise<Buffer | null> {
  try {
    return await buffer(await reportStorage().open(fileKey(id, kind, locale)))
  } catch (error) {
    if (error instanceof MissingFile) return null
    throw error
  }
}

/**
 * Returns the hashes of a report's data (`sha256`) and files as the log has them, each as it was last drawn; where the log says
 * nothing of files, for a report of before it did, as its row has them.
 */
export async function readLoggedHashes({
  id,
  sha256,
  files,
}: ReportRow): Promise<ReadonlyMap<string, string>> {
  const entries = await listEntries({ subject: { kind: 'report', id } }, null, ENTRIES)
  const drawn = entries
    .filter(({ act }) => act === 'survey.report_ready' || act === 'survey.report_redrawn')
    .toReversed()
    .flatMap(({ facts }) => Object.entries(facts as Readonly<Record<string, unknown>>))
    .flatMap(([name, hash]) => (typeof hash === 'string' ? [[name, hash] as const] : []))
  return new Map([
    ...(sha256 === null ? [] : [['sha256', sha256] as const]),
    ...Object.entries(files ?? {}),
    ...drawn,
  ])
}

/** Tells whether the store has every file of a report. @throws where it does not answer */
export async function hasFiles(id: string): Promise<boolean> {
  const sizes = await Promise.all(
    REPORT_FILES.map(({ kind, locale }) => reportStorage().size(fileKey(id, kind, locale))),
  )
  return sizes.every((size) => size !== null)
}

/**
 * Returns a page of the reports and the place where the next page begins; empty for a person who may not read the
 * survey data.
 */
export async function listReports(
  actor: StaffActor,
  after: string | null,
  now: Instant,
): Promise<{ readonly reports: readonly NamedReport[]; readonly next: string | null }> {
  if (!may(actor.role, 'survey:read')) return { reports: [], next: null }
  const found = await readReports({
    orderBy: [{ askedAt: 'desc' }, { id: 'asc' }],
    ...(after !== null && { cursor: { id: after }, skip: 1 }),
    take: PAGE + 1,
  })
  const page = found.slice(0, PAGE)
  return { reports: await named(page, now), next: found.length > PAGE ? (page.at(-1)?.id ?? null) : null }
}

/**
 * Returns a report that its reader may read. Everybody reads a published report until it is withdrawn; staff who may
 * read the survey data read every report. Returns `withdrawn` to other readers of a withdrawn report, null where there
 * is no report for them.
 */
export async function findReadableReport(
  reader: StaffActor | null,
  id: string,
): Promise<ReportRow | 'withdrawn' | null> {
  const report = await findReport(id)
  if (report === null || (report.publishedAt !== null && report.withdrawn === null)) return report
  if (reader && may(reader.role, 'survey:read')) return report
  return report.withdrawn === null ? null : 'withdrawn'
}

/** A report, and what its first group is called. */
export interface NamedReport extends ReportRow {
  readonly places: Places
}

/**
 * Adds its places to each report: from its frozen data or, where nothing is frozen yet, from the agencies that it will
 * cover.
 */
async function named(rows: readonly ReportRow[], now: Instant): Promise<NamedReport[]> {
  const frozen = await readFrozenKinds(rows.map(({ id }) => id))
  return Promise.all(
    rows.map(async (row) => ({ ...row, places: placesOf(frozen.get(row.id) ?? (await kindsFor(row, now))) })),
  )
}

async function kindsFor({ period, scope, agencyIds }: ReportRow, now: Instant): Promise<AgencyKind[]> {
  const open = await findAgenciesOn(throughDay(period, localDate(now)))
  return open.filter(isCoveredBy(scope, agencyIds)).map(({ kind }) => kind)
}

/** Returns one report, for a person who may read the survey data; or null. */
export async function readReportPage(actor: StaffActor, id: string, now: Instant) {
  const row = may(actor.role, 'survey:read') ? await findReport(id) : null
  const [report] = row === null ? [] : await named([row], now)
  if (report === undefined) return null
  return { ...report, filesMissing: report.state === 'ready' && (await areFilesMissing(id)) }
}

/** Tells whether a file is gone; null where the store does not answer now. */
const areFilesMissing = (id: string): Promise<boolean | null> =>
  hasFiles(id).then(
    (there) => !there,
    (error: unknown) => {
      if (isOverloaded(error)) return null
      throw error
    },
  )

/** Sixteen stand at the foot of each page, all of them in the part on its data. */
const HASH = /^[0-9a-f]{16,64}$/

/**
 * Finds the published reports by the printed hash that a person typed, however it is spaced, and what the log says of that hash;
 * null where it can be none. A report that the log has and that is no longer there, or says something else, is in `logged` alone.
 */
export async function findReportsByHash(typed: string) {
  const sha256 = typed.replace(/[\s…]/g, '').toLowerCase()
  if (!HASH.test(sha256)) return null
  const [reports, entries] = await Promise.all([
    findPublishedByHash(sha256, PUBLIC_SHOWN),
    findReportEntries(sha256),
  ])
  return { reports, logged: entries.filter(({ reportId }) => !reports.some(({ id }) => id === reportId)) }
}

/** Returns the withdrawn reports that another may be published in place of, the last withdrawn first; none for a person who may not publish. */
export const listWithdrawnReports = async (actor: StaffActor): Promise<ReportRow[]> =>
  may(actor.role, 'survey:manage')
    ? readReports({
        where: { withdrawnAt: { not: null }, replacedBy: null },
        orderBy: { withdrawnAt: 'desc' },
        take: PAGE,
      })
    : []

/** Returns the reports that everybody could read, withdrawn ones too, the last first. */
export const listOpenReports = async (now: Instant): Promise<NamedReport[]> =>
  named(
    await readReports({
      where: { publishedAt: { not: null } },
      orderBy: [{ publishedAt: 'desc' }, { id: 'asc' }],
      take: PUBLIC_SHOWN,
    }),
    now,
  )

/** Returns the month in which anything first became public: the earliest month that a report can cover. */
export const findFirstReportMonth = async (now: Instant): Promise<Month> =>
  (await findFirstMonth(HEADLINE)) ?? monthOf(now)

/** Tells whether the agencies that reports from a month on can tell of are or were of districts, wards or both. */
export async function listReportedPlaces(first: Month, now: Instant): Promise<Places> {
  const known = await findAgenciesUpTo(localDate(now))
  return placesOf(
    known.filter(({ validTo }) => validTo === null || validTo > `${first}-01`).map(({ kind }) => kind),
  )
}

/** Returns the name of a report's files, without an ending: the period that it really covers. */
export async function nameReportFile({ id, period }: ReportRow): Promise<string> {
  const through = await readFrozenThrough(id)
  const end = through === null || hasEnded({ ...period, through }) ? period.to : through
  return `bao-cao-hai-long_${period.from}_${end}`
}

/**
 * Returns a report's frozen data or a file of it; null where it is not ready or the file is gone, `changed` where it is not
 * what the log says that was drawn: every byte is compared before it is given out.
 */
export async function readReportContent(
  report: ReportRow,
  what: { readonly kind: ReportFile; readonly locale: Locale } | { readonly kind: 'json' },
): Promise<Buffer<ArrayBuffer> | 'changed' | null> {
  if (report.state !== 'ready') return null
  const [content, hashes] = await Promise.all([
    what.kind === 'json' ? readDataset(report.id) : fileOf(report.id, what.kind, what.locale),
    readLoggedHashes(report),
  ])
  if (content === null) return null
  const expected = hashes.get(what.kind === 'json' ? 'sha256' : `${what.locale}.${what.kind}`)
  const sha256 = createHash('sha256').update(content).digest('hex')
  return expected === undefined || expected === sha256 ? Buffer.from(content) : 'changed'
}

/** Returns the frozen data of a published report by its hash; `withdrawn` where everybody may no longer read it. */
export async function readReportByHash(sha256: string): Promise<Buffer<ArrayBuffer> | 'withdrawn' | null> {
  const reports = (await findPublishedByHash(sha256, PUBLIC_SHOWN)).filter((one) => one.sha256 === sha256)
  const readable = reports.find(({ withdrawn }) => withdrawn === null)
  if (readable === undefined) return reports.length > 0 ? 'withdrawn' : null
  const content = await readReportContent(readable, { kind: 'json' })
  return content === 'changed' ? null : content
}

/** The largest count of waiting work; counting stops there. */
export const WAITING_MOST = 100
const MOST_LISTED = 20
/** A promise is told of so many days before it falls due. */
const SOON_DAYS = 7
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
export async function countSurveyWaiting(actor: StaffActor, now: Instant): Promise<SurveyWaiting | null> {
  if (!may(actor.role, 'survey:manage')) return null
  const most = WAITING_MOST + 1
  const today = localDate(now)
  const [counts, held, promises, requests, silent, drafts, tried, outside, days] = await Promise.all([
    countSuggestions(['new'], most),
    countHeldFor(actor, now),
    countPromisesDue(today, localDate(addMilliseconds(now, SOON_DAYS * DAY)), most),
    countApprovals([actor], now),
    listSilentKiosks(actor, now, MOST_LISTED),
    draftsOf(actor, now),
    listTriedVersions(now),
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
  const drafts = (await listVersions(actor, now))
    .filter(({ state }) => state === 'draft')
    .slice(0, MOST_LISTED)
  const pages = await Promise.all(drafts.map(({ version }) => readVersionPage(actor, version, now)))
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
  const [agencies, known, dispersion, since] = await Promise.all([
    findAgenciesUpTo(through),
    readCatalogue(),
    readDispersion(now),
    findRuleChange(),
  ])
  const months = Map.groupBy(
    await readMonthsOfAgencies(
      agencies.map(({ id }) => id),
      HEADLINE,
      from,
    ),
    ({ agencyId }) => agencyId,
  )
  const recent = { from: monthsLater(monthOf(now), -1), to: monthOf(now) }
  const source = { catalogue: known, through, trendFrom: from, dispersion, since }
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
  return inFives(await countAnswersBetween(first, today), first, today)
}

/** Tells whether another survey manager, who can sign in, could confirm what this one asks. */
export const hasAnotherManager = async (actor: StaffActor): Promise<boolean> =>
  may(actor.role, 'survey:manage') &&
  (await db.staffAccount.findFirst({
    where: { role: 'survey_manager', active: true, totpSecret: { not: null }, id: { not: actor.id } },
    select: { id: true },
  })) !== null
