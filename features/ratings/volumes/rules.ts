import { z } from 'zod'
import type { AgencyVersion } from '#features/agencies/rules.ts'
import { type Month, monthOf, monthsLater, parseMonth } from '#features/results/rules.ts'
import { cellText, readSheet } from '#lib/sheet.ts'
import type { Instant } from '#lib/time.ts'

/** The number of cases that an agency finished in a month, of one procedure, or of all if none is named. */
export interface Volume {
  readonly agencyId: string
  readonly month: Month
  /** The procedure's code in the national catalogue; empty for all cases that no other row names. */
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

export interface FaultyRow<F> {
  readonly line: number
  readonly fault: F
}

export interface ReadRow<Row, F> {
  readonly line: number
  readonly read: Row | F
}

export const MAX_VOLUMES = 20_000
const CASES_MOST = 10_000_000

/** The body with which the city's one-stop system sends finished cases. */
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

/** Parses a month as `2026-03`, `3/2026` or any day of it. */
function monthIn(cell: string): Month | null {
  const [, month, year] = /^(\d{1,2})[/.-](\d{4})$/.exec(cell) ?? []
  return parseMonth(month ? `${year}-${month.padStart(2, '0')}` : cell.slice(0, 7))
}

/** Checks whether an agency existed on any day of a month: one that was abolished in it has cases of the days before. */
const existedIn = (versions: readonly AgencyVersion[], id: string, month: Month): boolean =>
  versions.some(
    (one) =>
      one.id === id &&
      one.validFrom < `${monthsLater(month, 1)}-01` &&
      (one.validTo === null || one.validTo > `${month}-01`),
  )

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
  // People write thousands as 1.234 or 1,234. A fraction of a case is a fault.
  const plain = casesText.replace(/(?<=\d)[.,\s](?=\d{3}(?:\D|$))/g, '')
  const cases = /^\d{1,9}$/.test(plain) ? Number(plain) : Number.NaN
  if (!(cases <= CASES_MOST)) return 'cases'
  return { ...place, procedure, cases }
}

export const readVolumeTable = (
  table: readonly (readonly string[])[],
  versions: readonly AgencyVersion[],
  now: Instant,
): readonly ReadRow<Volume, VolumeFault>[] | null =>
  readSheet(table, FIELDS, COLUMN_NAMES, 'cases', (first) => /^\d/.test(first[3] ?? ''))?.map(
    ({ line, typed }) => ({ line, read: readVolume(typed, versions, now) }),
  ) ?? null

/** Returns the key of a row of cases. A later import of the same key replaces the row. */
export const volumeKey = ({ agencyId, month, procedure }: Volume) => `${agencyId} ${month} ${procedure}`

/** Separates valid rows from faults. A repeated key is a fault of the later row. */
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

/** With fewer answers per thousand cases, an agency is in no band. */
export const COVERAGE_LEAST = 5

export interface Coverage {
  /** The cases of the reported months. */
  readonly cases: number
  /** The answers that became public in these months. */
  readonly answers: number
  /** Answers per thousand cases; null without cases, or with more answers than cases, as one of the two is then wrong. */
  readonly perThousand: number | null
}

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

/** Returns the answers per thousand cases with one decimal, as shown everywhere. */
export const writtenRate = (coverage: Coverage | null): number | null =>
  coverage?.perThousand == null ? null : Math.round(coverage.perThousand * 10) / 10

/** Checks whether an agency can be compared: no cases of it are reported, or enough of them have an answer. */
export const isCovered = (coverage: Coverage | null): boolean =>
  coverage === null || (coverage.perThousand !== null && coverage.perThousand >= COVERAGE_LEAST)
