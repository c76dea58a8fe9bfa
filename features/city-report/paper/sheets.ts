import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate'
import type { Cell, Sheet } from 'write-excel-file/node'
import writeXlsxFile from 'write-excel-file/node'
import { nfc } from '#components/paper/parts.ts'
import { firstDay } from '#features/results/rules.ts'
import type { CityReport } from '../report-rules.ts'
import { tellPromise } from './agencies.ts'
import { nameOfChange } from './first-words.ts'
import type { Words } from './sections.ts'

/** A `Date` is a calendar date: midnight UTC of that day. */
export type Value = string | number | Date | null
export interface SheetColumn {
  readonly label: string
  readonly width: number
  /** Shares are numbers from 0 to 1, shown as per cent. */
  readonly share?: true
  /** Dates are days unless this is set. */
  readonly month?: true
}

/** The longest text in a cell; the format's own limit is 32,767 UTF-16 units. */
const LONGEST = 32_000

/** Returns a text that is safe to write: the writer would take `valueOf` for an earlier text, so a space is added. */
const asKey = (text: string): string => (text in {} ? `${text} ` : text)

/** Makes the cell of a value. Text that begins with `=` stays text: it is stored as a string, never as a formula. */
const cell = (value: Value, { share, month }: Partial<SheetColumn> = {}): Cell => {
  if (value === null) return null
  if (value instanceof Date)
    return { value, type: Date, format: month ? 'mm/yyyy' : 'dd/mm/yyyy', alignVertical: 'top' }
  if (typeof value === 'string')
    return { value: asKey(nfc(value).slice(0, LONGEST)), type: String, wrap: true, alignVertical: 'top' }
  return { value, type: Number, format: share ? '0.0%' : '#,##0', alignVertical: 'top' }
}

export const sheet = (
  name: string,
  columns: readonly SheetColumn[],
  rows: readonly (readonly Value[])[],
): Sheet<never> => ({
  sheet: name,
  columns: columns.map(({ width }) => ({ width })),
  stickyRowsCount: 1,
  data: [
    columns.map(({ label }) => ({ value: nfc(label), type: String, fontWeight: 'bold', wrap: true })),
    ...rows.map((row) => row.map((value, at) => cell(value, columns[at]))),
  ],
})

/** The first moment that a zip file can express, so that the file does not depend on when it was written. */
const NO_TIME = new Date(1980, 0, 1)

/** Writes sheets as XLSX, the same bytes each time. `empty`: words for a table without rows. `texts`: names of text sheets. */
export async function writeWorkbook(
  sheets: readonly Sheet<never>[],
  empty: string,
  texts: readonly string[],
): Promise<Buffer> {
  const filled = sheets.map((one) => saidIfEmpty(one, empty))
  const parts = unzipSync(await writeXlsxFile(filled as Sheet<never>[]).toBuffer())
  sheets.forEach(({ sheet = '', columns = [], data }, at) => {
    if (!texts.includes(sheet) && data.length > 1) addFilter(parts, at + 1, columns.length, data.length)
  })
  return Buffer.from(zipSync(parts, { mtime: NO_TIME }))
}

/** Adds words to a table without rows, because an empty sheet looks as if data were missing. */
const saidIfEmpty = (one: Sheet<never>, words: string): Sheet<never> =>
  one.data.length > 1 ? one : { ...one, data: [...one.data, [cell(words)]] }

const LETTERS = 26
const columnName = (n: number): string =>
  (n > LETTERS ? columnName(Math.floor((n - 1) / LETTERS)) : '') +
  String.fromCharCode('A'.charCodeAt(0) + ((n - 1) % LETTERS))

/** Adds a filter over a sheet's table right after its rows, because the writing library cannot make one. */
function addFilter(parts: Record<string, Uint8Array>, sheet: number, columns: number, rows: number): void {
  const name = `xl/worksheets/sheet${sheet}.xml`
  const xml = strFromU8(parts[name] ?? new Uint8Array())
  const filter = `</sheetData><autoFilter ref="A1:${columnName(columns)}${rows}"/>`
  parts[name] = strToU8(xml.replace('</sheetData>', filter))
}

// Optional sheets: each is left out where the frozen data, which may be older, has nothing for it.

export function frontSheets(report: CityReport, w: Words): Sheet<never>[] {
  const { front, agencies } = report
  if (front === undefined) return []
  const { t, of } = w
  const named = new Map(agencies.map(({ id, vi, en }) => [id, of(vi, en)]))
  const share = (label: string): SheetColumn => ({ label, width: 12, share: true })
  const column = (label: string, width = 14): SheetColumn => ({ label, width })
  const all = [...(front.total === null ? [] : [front.total]), ...front.changes]
  return [
    sheet(
      t('sheet.changes'),
      [
        column(t('sheetColumn.of'), 60),
        ...[share(t('sheetColumn.before')), column(t('sheetColumn.beforeBase'), 18)],
        ...[share(t('sheetColumn.now')), column(t('sheetColumn.nowBase'), 18)],
        ...[share(t('sheetColumn.difference')), share(t('sheetColumn.low')), share(t('sheetColumn.high'))],
        column(t('sheetColumn.beyond'), 18),
      ],
      all.map((change): Value[] => [
        nameOfChange(change, report, w),
        change.before.top / change.before.base,
        change.before.base,
        change.now.top / change.now.base,
        change.now.base,
        ...[change.exact.difference, change.exact.low, change.exact.high],
        t(change.beyond ? 'beyond.yes' : 'beyond.no'),
      ]),
    ),
    sheet(
      t('sheet.outside'),
      [
        column(t('column.agency'), 34),
        { label: t('column.month'), width: 10, month: true },
        column(t('column.responses'), 10),
        share(t('column.share')),
        ...[share(t('sheetColumn.lowerLimit')), share(t('sheetColumn.upperLimit'))],
        column(t('column.note'), 14),
      ],
      front.outside.map((one): Value[] => [
        named.get(one.agencyId) ?? one.agencyId,
        firstDay(one.month),
        one.responses,
        one.satisfied,
        ...[one.lowerLimit, one.upperLimit],
        t(`outside.${one.side}`),
      ]),
    ),
  ]
}

export function voiceSheets({ voices, agencies }: CityReport, w: Words, agency: SheetColumn): Sheet<never>[] {
  if (voices === undefined) return []
  const { t, of } = w
  const named = new Map(agencies.map(({ id, vi, en }) => [id, of(vi, en)]))
  return [
    sheet(
      t('sheet.promises'),
      [
        agency,
        { label: t('promises.promise'), width: 60 },
        { label: t('promises.firstDue'), width: 14 },
        { label: t('promises.due'), width: 14 },
        { label: t('promises.kept'), width: 14 },
        { label: t('column.state'), width: 40 },
      ],
      voices.promises.map((one): Value[] => [
        named.get(one.agencyId) ?? one.agencyId,
        of(one.vi, one.en),
        new Date(one.firstDue),
        new Date(one.due),
        one.keptOn === null ? null : new Date(one.keptOn),
        tellPromise(one, w),
      ]),
    ),
    sheet(
      t('sheet.texts'),
      [
        { label: t('texts.question'), width: 60 },
        { label: t('sheetColumn.version'), width: 9 },
        agency,
        { label: t('texts.answers'), width: 14 },
      ],
      voices.texts.flatMap(({ vi, en, version, agencies: told }): Value[][] =>
        told.length === 0
          ? [[of(vi, en), version, null, t('comments.under')]]
          : told.map(({ id, answers }) => [of(vi, en), version, named.get(id) ?? id, answers]),
      ),
    ),
  ]
}

export function breakSheet({ breaks = [] }: CityReport, { t, of }: Words): Sheet<never>[] {
  if (breaks.length === 0) return []
  return [
    sheet(
      t('sheet.breaks'),
      [
        { label: t('column.date'), width: 12 },
        { label: t('breaks.kind'), width: 14 },
        { label: t('sheetColumn.idBefore'), width: 22 },
        { label: t('breaks.from'), width: 34 },
        { label: t('sheetColumn.idAfter'), width: 22 },
        { label: t('breaks.to'), width: 34 },
        { label: t('breaks.basis'), width: 60 },
      ],
      breaks.map(({ on, kind, from, to, basis }): Value[] => [
        new Date(on),
        t(`breaks.kindOf.${kind}`),
        from.id,
        of(from.vi, from.en),
        to?.id ?? null,
        to && of(to.vi, to.en),
        basis,
      ]),
    ),
  ]
}

export function kioskSheet({ kiosks }: CityReport, { t, of }: Words, agency: SheetColumn): Sheet<never>[] {
  if (kiosks === undefined) return []
  const share = (label: string): SheetColumn => ({ label, width: 12, share: true })
  return [
    sheet(
      t('sheet.kiosks'),
      [
        agency,
        { label: t('column.responses'), width: 10 },
        ...[share(t('column.share')), share(t('sheetColumn.low')), share(t('sheetColumn.high'))],
      ],
      kiosks.map(({ vi, en, responses, satisfied, low, high }): Value[] => [
        ...[of(vi, en), responses, satisfied, low, high],
      ]),
    ),
  ]
}
