import { z } from 'zod'
import type { AgencyVersion } from '#features/agencies/rules.ts'
import { type Month, monthOf, monthsLater, parseMonth } from '#features/results/rules.ts'
import { cellText, readSheet } from '#lib/sheet.ts'
import type { Instant } from '#lib/time.ts'

/** How many cases an agency has finished in a month, of one procedure or of all where none is named. */
export interface Volume {
  readonly agencyId: string
  readonly month: Month
  /** The procedure's code in the national catalogue; empty: all that are not named. */
  readonly procedure: string
  readonly cases: number
}

export const VOLUME_FAULTS = [
  'agency',
  'month',
  'future',
  'closed',
  'procedure',
  'cases',
  'repeated',
] as const
export type VolumeFault = (typeof VOLUME_FAULTS)[number]

/** A row that cannot be taken, by its line as a spreadsheet counts it. */
export interface FaultyRow<F> {
  readonly line: number
  readonly fault: F
}

/** A row of a table as it was read: what it says, or its fault. */
export interface ReadRow<Row, F> {
  readonly line: number
  readonly read: Row | F
}

export const MAX_VOLUMES = 20_000
const CASES_MOST = 10_000_000

/** The body in which the city's one-stop system tells of finished cases. */
export const volumesSchema = z
  .object({
    source: z.string().trim().min(1).max(120).describe('who counted them; public'),
    rows: z
      .array(
        z.object({
          agency: z.string().max(60).describe('its id, as in `/api/v1/results`'),
          month: z.string().max(10).describe('in which they were finished: `2026-11`'),
          procedure: z
            .string()
            .max(60)
            .optional()
            .describe('the procedure’s code; none: all cases that no other row of that month names'),
          cases: z.int().min(0),
        }),
      )
      .min(1)
      .max(MAX_VOLUMES),
  })
  .meta({ id: 'Volumes' })
const FIELDS = ['agency', 'month', 'procedure', 'cases'] as const
type VolumeField = (typeof FIELDS)[number]

const COLUMN_NAMES: Readonly<Record<string, VolumeField>> = {
  agency: 'agency',
  coquan: 'agency',
  macoquan: 'agency',
  month: 'month',
  thang: 'month',
  procedure: 'procedure',
  thutuc: 'procedure',
  mathutuc: 'procedure',
  cases: 'cases',
  hoso: 'cases',
  sohoso: 'cases',
}

/** Reads a month as `2026-03`, `3/2026` or any day of it. */
function monthIn(cell: string): Month | null {
  const [, month, year] = /^(\d{1,2})[/.-](\d{4})$/.exec(cell) ?? []
  return parseMonth(month ? `${year}-${month.padStart(2, '0')}` : cell.slice(0, 7))
}

/** Tells whether an agency existed on any day of a month: one that was abolished in it has its cases of the days before. */
const existedIn = (versions: readonly AgencyVersion[], id: string, month: Month): boolean =>
  versions.some(
    (one) =>
      one.id === id &&
      one.validFrom < `${monthsLater(month, 1)}-01` &&
      (one.validTo === null || one.validTo > `${month}-01`),
  )

/** Reads an agency and a month in which it finished cases; the fault is the first that is found. */
export function readAgencyMonth(
  agencyId: string,
  written: string,
  versions: readonly AgencyVersion[],
  now: Instant,
): { readonly agencyId: string; readonly month: Month } | 'agency' | 'month' | 'future' | 'closed' {
  if (!versions.some(({ id }) => id === agencyId)) return 'agency'
  const month = monthIn(written)
  if (month === null) return 'month'
  if (month > monthOf(now)) return 'future'
  return existedIn(versions, agencyId, month) ? { agencyId, month } : 'closed'
}

/** Reads one row, as it is typed or sent; the fault is the first that is found. */
export function readVolume(
  typed: Readonly<Record<VolumeField, string>>,
  versions: readonly AgencyVersion[],
  now: Instant,
): Volume | VolumeFault {
  const [agencyId, monthText, procedure, casesText] = FIELDS.map((field) => cellText(typed[field])) as [
    string,
    string,
    string,
    string,
  ]
  const place = readAgencyMonth(agencyId, monthText, versions, now)
  if (typeof place === 'string') return place
  if (!/^[\p{L}\p{N}.\-/]{0,60}$/u.test(procedure)) return 'procedure'
  // 1.234 and 1,234 are how people write thousands; half a case is none.
  const plain = casesText.replace(/(?<=\d)[.,\s](?=\d{3}(?:\D|$))/g, '')
  const cases = /^\d{1,9}$/.test(plain) ? Number(plain) : Number.NaN
  if (!(cases <= CASES_MOST)) return 'cases'
  return { ...place, procedure, cases }
}

/** Returns the rows of a table as they are read; null where it has no such columns. */
export const readVolumeTable = (
  table: readonly (readonly string[])[],
  versions: readonly AgencyVersion[],
  now: Instant,
): readonly ReadRow<Volume, VolumeFault>[] | null =>
  readSheet(table, FIELDS, COLUMN_NAMES, 'cases', (first) => /^\d/.test(first[3] ?? ''))?.map(
    ({ line, typed }) => ({ line, read: readVolume(typed, versions, now) }),
  ) ?? null

/** Names a row of cases: told again, it is replaced. */
export const volumeKey = ({ agencyId, month, procedure }: Volume): string =>
  `${agencyId} ${month} ${procedure}`

/** Tells the rows that can be taken from those that cannot: the same twice is a fault of the later. */
export function tellFaults<Row extends object, F extends string>(
  rows: readonly ReadRow<Row, F>[],
  keyOf: (row: Row) => string,
) {
  const seen = new Set<string>()
  const [taken, faults]: [Row[], FaultyRow<F | 'repeated'>[]] = [[], []]
  for (const { line, read } of rows) {
    if (typeof read === 'string') {
      faults.push({ line, fault: read })
      continue
    }
    if (seen.has(keyOf(read))) faults.push({ line, fault: 'repeated' })
    else taken.push(read)
    seen.add(keyOf(read))
  }
  return { taken, faults }
}

/** An agency is in no band where fewer than so many of a thousand cases have an answer. */
export const COVERAGE_LEAST = 5

/** Holds what of an agency's cases has an answer. */
export interface Coverage {
  /** The cases of the months that are told. */
  readonly cases: number
  /** The public answers that became public in these months. */
  readonly answers: number
  /** Answers for a thousand cases; null without cases, and where there are more answers than cases: then one of the two is wrong. */
  readonly perThousand: number | null
}

/** Returns the coverage of an agency; null where no cases are told. */
export function coverageOf(
  cases: ReadonlyMap<Month, number>,
  answers: ReadonlyMap<Month, number>,
): Coverage | null {
  if (cases.size === 0) return null
  const sum = { cases: 0, answers: 0 }
  for (const [month, some] of cases) {
    sum.cases += some
    sum.answers += answers.get(month) ?? 0
  }
  const perThousand = sum.cases === 0 || sum.answers > sum.cases ? null : (1000 * sum.answers) / sum.cases
  return { ...sum, perThousand }
}

/** Returns the answers for a thousand cases with one digit, as they are told everywhere. */
export const writtenRate = (coverage: Coverage | null): number | null =>
  coverage?.perThousand == null ? null : Math.round(coverage.perThousand * 10) / 10

/** Tells whether an agency can be compared: where its cases are told, enough of them have an answer. */
export const isCovered = (coverage: Coverage | null): boolean =>
  coverage === null || (coverage.perThousand !== null && coverage.perThousand >= COVERAGE_LEAST)
