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
/** More than the log has entries for any one report. */
const ENTRIES = 200

export type ReportFile = 'pdf' | 'xlsx'

export const fileKey = (id: string, kind: ReportFile, locale: Locale): string => `${id}.${kind}${locale}`

export const REPORT_FILES: readonly { readonly kind: ReportFile; readonly locale: Locale }[] =
  locales.flatMap((locale) => [
    { kind: 'pdf' as const, locale },
    { kind: 'xlsx' as const, locale },
  ])

/** Returns a file's bytes; null where it is gone. Throws when the store does not answer. */
async function fileOf(id: string, kind: ReportFile, locale: Locale): Promise<Buffer | null> {
  try {
    return await buffer(await reportStorage().open(fileKey(id, kind, locale)))
  } catch (error) {
    if (error instanceof MissingFile) return null
    throw error
  }
}

/** Returns the logged hashes of a report's data and files, each as last drawn, or those of its row for older reports. */
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

/** Checks whether the store has every file of a report. Throws when it does not answer. */
export async function hasFiles(id: string): Promise<boolean> {
  const sizes = await Promise.all(
    REPORT_FILES.map(({ kind, locale }) => reportStorage().size(fileKey(id, kind, locale))),
  )
  return sizes.every((size) => size !== null)
}

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

/** Returns a report that its reader may read: the public a published one until it is withdrawn, staff of the survey every one. */
export async function findReadableReport(
  reader: StaffActor | null,
  id: string,
): Promise<ReportRow | 'withdrawn' | null> {
  const report = await findReport(id)
  if (report === null || (report.publishedAt !== null && report.withdrawn === null)) return report
  if (reader && may(reader.role, 'survey:read')) return report
  return report.withdrawn === null ? null : 'withdrawn'
}

/** A report with the kinds of places that name its first group. */
export interface NamedReport extends ReportRow {
  readonly places: Places
}

/** Adds the places to each report: from its frozen data or, while nothing is frozen, from the agencies that it will cover. */
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

export async function readReportPage(actor: StaffActor, id: string, now: Instant) {
  const row = may(actor.role, 'survey:read') ? await findReport(id) : null
  const [report] = row === null ? [] : await named([row], now)
  if (report === undefined) return null
  return { ...report, filesMissing: report.state === 'ready' && (await areFilesMissing(id)) }
}

/** Returns whether a file is gone; null while the store does not answer. */
const areFilesMissing = (id: string): Promise<boolean | null> =>
  hasFiles(id).then(
    (there) => !there,
    (error: unknown) => {
      if (isOverloaded(error)) return null
      throw error
    },
  )

/** Each page's foot prints sixteen digits; the section on the data prints all. */
const HASH = /^[0-9a-f]{16,64}$/

/** Finds the published reports by a hash typed from paper, and the log's entries of others; null where it can be no hash. */
export async function findReportsByHash(typed: string) {
  const sha256 = typed.replace(/[\s…]/g, '').toLowerCase()
  if (!HASH.test(sha256)) return null
  const [reports, entries] = await Promise.all([
    findPublishedByHash(sha256, PUBLIC_SHOWN),
    findReportEntries(sha256),
  ])
  return { reports, logged: entries.filter(({ reportId }) => !reports.some(({ id }) => id === reportId)) }
}

export const listWithdrawnReports = async (actor: StaffActor): Promise<ReportRow[]> =>
  may(actor.role, 'survey:manage')
    ? readReports({
        where: { withdrawnAt: { not: null }, replacedBy: null },
        orderBy: { withdrawnAt: 'desc' },
        take: PAGE,
      })
    : []

export const listOpenReports = async (now: Instant): Promise<NamedReport[]> =>
  named(
    await readReports({
      where: { publishedAt: { not: null } },
      orderBy: [{ publishedAt: 'desc' }, { id: 'asc' }],
      take: PUBLIC_SHOWN,
    }),
    now,
  )

/** Returns the first month with published answers: the earliest that a report can cover. */
export const findFirstReportMonth = async (now: Instant): Promise<Month> =>
  (await findFirstMonth(HEADLINE)) ?? monthOf(now)

/** Returns whether the agencies in reports from a month on are or were districts, wards or both. */
export async function listReportedPlaces(first: Month, now: Instant): Promise<Places> {
  const known = await findAgenciesUpTo(localDate(now))
  return placesOf(
    known.filter(({ validTo }) => validTo === null || validTo > `${first}-01`).map(({ kind }) => kind),
  )
}

export async function nameReportFile({ id, period }: ReportRow): Promise<string> {
  const through = await readFrozenThrough(id)
  const end = through === null || hasEnded({ ...period, through }) ? period.to : through
  return `bao-cao-hai-long_${period.from}_${end}`
}

/** Returns a report's data or a file; null where it is gone, `changed` where the bytes do not match the hash in the log. */
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

/** Returns the frozen data of a published report by its hash; `withdrawn` where the public may no longer read it. */
export async function readReportByHash(sha256: string): Promise<Buffer<ArrayBuffer> | 'withdrawn' | null> {
  const reports = (await findPublishedByHash(sha256, PUBLIC_SHOWN)).filter((one) => one.sha256 === sha256)
  const readable = reports.find(({ withdrawn }) => withdrawn === null)
  if (readable === undefined) return reports.length > 0 ? 'withdrawn' : null
  const content = await readReportContent(readable, { kind: 'json' })
  return content === 'changed' ? null : content
}

export const WAITING_MOST = 100
const MOST_LISTED = 20
const SOON_DAYS = 7
const SHOWN_DAYS = 30

/** The work that waits for the survey manager, each count up to {@link WAITING_MOST}. */
export interface SurveyWaiting {
  readonly suggestions: number
  readonly held: { readonly held: number; readonly old: number }
  readonly promises: { readonly overdue: number; readonly soon: number }
  /** Requests of others that this manager may confirm. */
  readonly requests: number
  readonly silent: readonly Kiosk[]
  readonly drafts: readonly {
    readonly version: number
    readonly problems: number
    /** The number of questions that were edited in one language only. */
    readonly drifted: number
    /** The version in use now, if the draft was not made from it. */
    readonly newerBase: number | null
  }[]
  readonly tried: readonly number[]
  /** Agencies outside their own control limits this month or last, in the catalogue's order. */
  readonly outside: readonly (OutsideMonth & { readonly vi: string; readonly en: string })[]
  readonly days: readonly DayCount[]
}

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

/** Checks whether another survey manager, who can sign in, could confirm this one's requests. */
export const hasAnotherManager = async (actor: StaffActor): Promise<boolean> =>
  may(actor.role, 'survey:manage') &&
  (await db.staffAccount.findFirst({
    where: { role: 'survey_manager', active: true, totpSecret: { not: null }, id: { not: actor.id } },
    select: { id: true },
  })) !== null
