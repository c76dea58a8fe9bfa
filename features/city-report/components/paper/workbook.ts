import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate'
import type { Cell, Sheet } from 'write-excel-file/node'
import writeXlsxFile from 'write-excel-file/node'
import { nfc } from '#components/paper/parts.ts'
import { kindOf } from '#features/questionnaires/rules/question-kinds.ts'
import type { CityReport, ReportFigures } from '#features/ratings/rules/city-report-data.ts'
import { firstDay } from '#features/results/rules/month.ts'
import { withExactShares } from '../../rules/city-report.ts'
import { fieldRows, noteOn } from './annexes.ts'
import { nameOfChange } from './first-page.ts'
import { groupOf, methodLines, scopeOf, throughOf } from './front.ts'
import { standingOf } from './voices.ts'
import { type FrozenReport, type Words, wordsOf } from './words.ts'

/** A date is one of the calendar: midnight of that day in UTC. */
type Value = string | number | Date | null
interface Column {
  readonly label: string
  readonly width: number
  /** Shares are numbers from 0 to 1, shown as per cent. */
  readonly share?: true
  /** Dates are days where it does not say so. */
  readonly month?: true
}

/** The length that a text may have in a cell: 32,767 UTF-16 units is the format's own limit. */
const LONGEST = 32_000

/**
 * The writer finds a text that it has written before in a plain object, and takes `valueOf` for one: with a space behind
 * it is no key that every object has.
 */
const asKey = (text: string): string => (text in {} ? `${text} ` : text)

/** Text stays text, whatever it begins with: it is stored as a string, never as a formula. */
const cell = (value: Value, { share, month }: Partial<Column> = {}): Cell => {
  if (value === null) return null
  if (value instanceof Date)
    return { value, type: Date, format: month ? 'mm/yyyy' : 'dd/mm/yyyy', alignVertical: 'top' }
  if (typeof value === 'string')
    return { value: asKey(nfc(value).slice(0, LONGEST)), type: String, wrap: true, alignVertical: 'top' }
  return { value, type: Number, format: share ? '0.0%' : '#,##0', alignVertical: 'top' }
}

const sheet = (
  name: string,
  columns: readonly Column[],
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

/** The zip format's first moment: what is written must not say when. */
const NO_TIME = new Date(1980, 0, 1)

/** Returns the report's tables as XLSX, a sheet each: the same bytes from the same frozen data. */
export async function reportWorkbook(frozen: FrozenReport): Promise<Buffer> {
  const w = wordsOf(frozen.locale)
  const sheets = [about(frozen, w), ...tables(withExactShares(frozen.report), w)]
  const filled = sheets.map((one) => saidIfEmpty(one, w.t('sheetEmpty')))
  const parts = unzipSync(await writeXlsxFile(filled as Sheet<never>[]).toBuffer())
  // The first sheet is text; those without a row have nothing to filter.
  sheets.forEach(({ columns = [], data }, at) => {
    if (at > 0 && data.length > 1) addFilter(parts, at + 1, columns.length, data.length)
  })
  return Buffer.from(zipSync(parts, { mtime: NO_TIME }))
}

/** A table without a row says so: an empty sheet looks as if something were missing. */
const saidIfEmpty = (one: Sheet<never>, words: string): Sheet<never> =>
  one.data.length > 1 ? one : { ...one, data: [...one.data, [cell(words)]] }

const LETTERS = 26
const columnName = (n: number): string =>
  (n > LETTERS ? columnName(Math.floor((n - 1) / LETTERS)) : '') +
  String.fromCharCode('A'.charCodeAt(0) + ((n - 1) % LETTERS))

/** Adds a filter over a sheet's table, which the writer has no word for; it stands right behind the rows. */
function addFilter(parts: Record<string, Uint8Array>, sheet: number, columns: number, rows: number): void {
  const name = `xl/worksheets/sheet${sheet}.xml`
  const xml = strFromU8(parts[name] ?? new Uint8Array())
  const filter = `</sheetData><autoFilter ref="A1:${columnName(columns)}${rows}"/>`
  parts[name] = strToU8(xml.replace('</sheetData>', filter))
}

function about({ report, sha256 }: FrozenReport, w: Words): Sheet<never> {
  const { t } = w
  return sheet(
    t('sheet.about'),
    [
      { label: t('title'), width: 28 },
      { label: t('subtitle'), width: 110 },
    ],
    [
      [t('fact.period'), w.period(report)],
      [t('fact.scope'), scopeOf(report, w)],
      [t('fact.through'), throughOf(report, w)],
      ['SHA-256', sha256],
      ...methodLines(report, w).map((line, at): Value[] => [at === 0 ? t('section.method') : '', line]),
      ...fieldRows(w, report.glossary),
    ],
  )
}

/** Returns the answers, the share and its interval; words where they are not published, which does not say that there are none. */
const figuresOf = (
  { responses, standing, satisfied, low, high }: ReportFigures,
  { t }: Words,
): readonly [Value, Value, Value, Value] => {
  const words = t('notPublished')
  const count = standing === 'suppressed' ? words : responses
  return [count, satisfied ?? words, low ?? words, high ?? words]
}

/** Returns a question's share and interval, or why there are none. */
const shareOf = (
  { kind, respondents, satisfied, low, high }: CityReport['questions'][number],
  { t }: Words,
): readonly Value[] => {
  const words = t(kindOf(kind).share === null && respondents > 0 ? 'notApplicable' : 'notPublished')
  return [satisfied ?? words, low ?? words, high ?? words]
}

function tables(report: CityReport, w: Words): Sheet<never>[] {
  const { t, of } = w
  const column = (label: string, width = 14): Column => ({ label, width })
  const share = (label: string): Column => ({ label, width: 11, share: true })
  const shares = [share(t('column.share')), share(t('sheetColumn.low')), share(t('sheetColumn.high'))]
  const id = column(t('sheetColumn.id'), 22)
  const agency = column(t('column.agency'), 34)
  const group = column(t('sheetColumn.group'), 16)
  const question = [
    column(t('sheetColumn.version'), 9),
    column(t('sheetColumn.versions'), 12),
    column(t('sheetColumn.use'), 14),
    column(t('sheetColumn.question'), 10),
  ]
  const asked = ({ version, versions = [version], use, key }: CityReport['questions'][number]): Value[] => [
    version,
    versions.join(', '),
    use === undefined ? null : t(`use.${use}`),
    key,
  ]
  const option = [
    column(t('sheetColumn.code'), 12),
    column(t('column.option'), 34),
    column(t('column.people'), 12),
  ]
  const named = new Map(report.agencies.map(({ id: of_, vi, en }) => [of_, of(vi, en)]))
  return [
    ...frontSheets(report, w),
    sheet(
      t('sheet.agencies'),
      [
        id,
        agency,
        group,
        column(t('sheetColumn.responses'), 18),
        ...shares,
        column(t('sheetColumn.standing'), 16),
        column(t('sheetColumn.band'), 18),
        column(t('sheetColumn.missing'), 10),
        column(t('sheetColumn.endedOn'), 16),
        column(t('sheetColumn.chained'), 40),
      ],
      [
        ...[
          { ...report.total, name: t('headline.total') },
          ...report.groups.map((one) => ({ ...one, name: groupOf(report, one.group, w) })),
        ].map((one): Value[] => [
          null,
          one.name,
          null,
          ...figuresOf(one, w),
          t(`standing.${one.standing}`),
          null,
          null,
          null,
          null,
        ]),
        ...report.agencies.map((one): Value[] => [
          one.id,
          of(one.vi, one.en),
          groupOf(report, one.group, w),
          ...figuresOf(one, w),
          t(`standing.${one.standing}`),
          one.band && t(`bandShort.${one.band}`),
          one.former ? null : one.missing,
          one.endedOn === undefined ? null : new Date(one.endedOn),
          one.chained?.map((before) => of(before.vi, before.en)).join('; ') ?? null,
        ]),
      ],
    ),
    sheet(
      t('sheet.questions'),
      [
        ...question,
        column(t('sheetColumn.text'), 60),
        column(t('sheetColumn.respondents'), 12),
        ...shares,
        ...option,
      ],
      report.questions.flatMap((one) =>
        one.options.map(({ code, vi, en, count }): Value[] => [
          ...asked(one),
          of(one.vi, one.en),
          one.respondents || t('notPublished'),
          ...shareOf(one, w),
          code,
          of(vi, en),
          one.respondents === 0 ? t('notPublished') : count,
        ]),
      ),
    ),
    sheet(
      t('sheet.byAgency'),
      [...question, id, agency, column(t('sheetColumn.respondents'), 12), ...option],
      report.questions.flatMap((question) =>
        question.agencies.flatMap((one) =>
          question.options.map(({ code, vi, en }, at): Value[] => [
            ...asked(question),
            one.id,
            named.get(one.id) ?? one.id,
            one.respondents,
            code,
            of(vi, en),
            one.counts[at] ?? 0,
          ]),
        ),
      ),
    ),
    sheet(
      t('sheet.trend'),
      [
        { label: t('column.month'), width: 10, month: true },
        column(t('column.responses'), 10),
        ...shares,
        share(t('sheetColumn.centre')),
        share(t('sheetColumn.lowerLimit')),
        share(t('sheetColumn.upperLimit')),
        column(t('column.note'), 30),
      ],
      report.trend.map((one): Value[] => [
        firstDay(one.month),
        one.responses,
        one.satisfied,
        one.low,
        one.high,
        one.centre,
        one.lowerLimit,
        one.upperLimit,
        noteOn(one, w) || null,
      ]),
    ),
    ...breakSheet(report, w),
    sheet(
      t('sheet.themes'),
      [group, column(t('column.theme'), 34), column(t('column.comments'), 12)],
      report.comments.themes.map((one): Value[] => [
        groupOf(report, one.group, w),
        t(`theme.${one.theme}`),
        one.comments || t('comments.under'),
      ]),
    ),
    sheet(
      t('sheet.comments'),
      [id, agency, column(t('column.comments'), 12)],
      report.comments.agencies.map((one): Value[] => [one.id, named.get(one.id) ?? one.id, one.comments]),
    ),
    ...voiceSheets(report, w, agency),
    sheet(
      t('sheet.received'),
      [column(t('column.state'), 34), column(t('column.count'), 12)],
      report.suggestions.received.map(({ state, count }): Value[] => [
        t(`suggestions.state.${state}`),
        count,
      ]),
    ),
    sheet(
      t('sheet.answered'),
      [
        column(t('column.date'), 12),
        column(t('column.state'), 20),
        column(t('sheetColumn.people'), 12),
        column(t('column.suggestion'), 60),
        column(t('column.answer'), 80),
      ],
      report.suggestions.answered.map((one): Value[] => [
        new Date(one.on),
        t(`suggestions.state.${one.state}`),
        one.people,
        of(one.summaryVi, one.summaryEn),
        of(one.answerVi, one.answerEn),
      ]),
    ),
    sheet(
      t('sheet.exclusions'),
      [column(t('column.reason'), 40), column(t('column.excluded'), 14), column(t('column.reversed'), 18)],
      report.exclusions.map(({ reason, excluded, reversed }): Value[] => [
        t(`exclusions.reason.${reason}`),
        excluded,
        reversed,
      ]),
    ),
    ...(report.recommendations === undefined
      ? []
      : [
          sheet(
            t('sheet.recommendations'),
            [column(t('section.recommendations'), 100)],
            of(report.recommendations.vi, report.recommendations.en)
              .split(/\n+/)
              .map((line): Value[] => [line]),
          ),
        ]),
  ]
}

/** Every change that was compared and every month outside its limits; no sheets where the data tells of none. */
function frontSheets(report: CityReport, w: Words): Sheet<never>[] {
  const { front, agencies } = report
  if (front === undefined) return []
  const { t, of } = w
  const named = new Map(agencies.map(({ id, vi, en }) => [id, of(vi, en)]))
  const share = (label: string): Column => ({ label, width: 12, share: true })
  const column = (label: string, width = 14): Column => ({ label, width })
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

/** Promises and questions answered in words, a row each; no sheet where the data tells of none. */
function voiceSheets({ voices, agencies }: CityReport, w: Words, agency: Column): Sheet<never>[] {
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
        standingOf(one, w),
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

/** Returns a sheet of every handover within the trend; no sheet where there was none. */
function breakSheet({ breaks = [] }: CityReport, { t, of }: Words): Sheet<never>[] {
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
