import type { Sheet } from 'write-excel-file/node'
import { byFigures, kindOf } from '#features/questionnaires/questions/rules.ts'
import { writtenRate } from '#features/ratings/volumes/rules.ts'
import { firstDay } from '#features/results/rules.ts'
import type { ReportFront } from '../front-rules.ts'
import type { CityReport, ReportAgency, ReportFigures } from '../report-rules.ts'
import { withExactShares } from '../rules.ts'
import { fieldRows, noteOn } from './annexes.ts'
import { frontLines } from './first-words.ts'
import { groupName, methodLines, scopeName, throughOf } from './front.ts'
import { type FrozenReport, type Words, wordsOf } from './sections.ts'
import {
  breakSheet,
  frontSheets,
  kioskSheet,
  type SheetColumn,
  sheet,
  type Value,
  voiceSheets,
  writeWorkbook,
} from './sheets.ts'

/** Writes the report's tables as XLSX, one sheet each. The same frozen data gives the same bytes. */
export async function reportWorkbook(frozen: FrozenReport): Promise<Buffer> {
  const w = wordsOf(frozen.locale)
  const report = withExactShares(frozen.report)
  const front = report.front === undefined ? [] : [answerSheet(report, report.front, w)]
  const sheets = [...front, ...tables(report, w), about(frozen, w)]
  return writeWorkbook(sheets, w.t('sheetEmpty'), [w.t('sheet.answer'), w.t('sheet.about')])
}

function answerSheet(report: CityReport, front: ReportFront, w: Words): Sheet<never> {
  const { t } = w
  if (report.total.satisfied === null)
    return sheet(t('sheet.answer'), [{ label: t('subtitle'), width: 120 }], [[t('headline.none')]])
  const lines = frontLines(report, front, w)
  const rows = [
    [t('section.summary'), [lines.answer]],
    [t('front.problems.title'), lines.problems],
    [t('front.reasons.title'), lines.reasons],
    [t('front.sensitive.heading'), lines.sensitive],
    [t('front.where'), [lines.where]],
    [t('front.decide.title'), lines.decide.length === 0 ? [t('front.decide.none')] : lines.decide],
    [t('section.method'), lines.trust],
  ] as const
  return sheet(
    t('sheet.answer'),
    [
      { label: t('title'), width: 32 },
      { label: t('subtitle'), width: 120 },
    ],
    rows.flatMap(([part, some]) => some.map((line, at): Value[] => [at === 0 ? part : '', line])),
  )
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
      [t('fact.scope'), scopeName(report, w)],
      [t('fact.through'), throughOf(report, w)],
      ['SHA-256', sha256],
      ...methodLines(report, w).map((line, at): Value[] => [at === 0 ? t('section.method') : '', line]),
      ...fieldRows(w, report.glossary),
    ],
  )
}

/** Returns the answers, the share and its interval; where they are not published, words that do not claim that there are none. */
const figuresOf = ({ responses, standing, satisfied, low, high }: ReportFigures, { t }: Words) => {
  const words = t('notPublished')
  const count = standing === 'suppressed' ? words : responses
  return [count, satisfied ?? words, low ?? words, high ?? words]
}

/** Returns the cell of the answers kept out of the figures; no cell for data frozen before they were counted separately. */
const besideOf = (
  { sameNetwork = 0, coverage }: ReportFigures & Partial<Pick<ReportAgency, 'coverage'>>,
  { counting }: CityReport,
): Value[] => (counting === undefined ? [] : [sameNetwork, writtenRate(coverage ?? null)])

const shareOf = (
  { kind, respondents, satisfied, low, high }: CityReport['questions'][number],
  { t }: Words,
): readonly Value[] => {
  const words = t(kindOf(kind).headline === null && respondents > 0 ? 'notApplicable' : 'notPublished')
  return [satisfied ?? words, low ?? words, high ?? words]
}

function tables(report: CityReport, w: Words): Sheet<never>[] {
  const { t, of } = w
  const column = (label: string, width = 14): SheetColumn => ({ label, width })
  const share = (label: string): SheetColumn => ({ label, width: 11, share: true })
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
        ...(report.counting === undefined
          ? []
          : [column(t('sheetColumn.sameNetwork'), 20), column(t('sheetColumn.perThousand'), 20)]),
      ],
      [
        ...[
          { ...report.total, name: t('headline.total') },
          ...report.groups.map((one) => ({ ...one, name: groupName(report, one.group, w) })),
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
          ...besideOf(one, report),
        ]),
        ...report.agencies.map((one): Value[] => [
          one.id,
          of(one.vi, one.en),
          groupName(report, one.group, w),
          ...figuresOf(one, w),
          t(`standing.${one.standing}`),
          one.band && t(`bandShort.${one.band}`),
          one.former ? null : one.missing,
          one.endedOn === undefined ? null : new Date(one.endedOn),
          one.chained?.map((before) => of(before.vi, before.en)).join('; ') ?? null,
          ...besideOf(one, report),
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
      report.questions.flatMap(
        (one) =>
          byFigures(one.kind, {
            options: () =>
              one.options.map(({ code, vi, en, count }): Value[] => [
                ...asked(one),
                of(one.vi, one.en),
                one.respondents || t('notPublished'),
                ...shareOf(one, w),
                code,
                of(vi, en),
                one.respondents === 0 ? t('notPublished') : count,
              ]),
          }) ?? [],
      ),
    ),
    sheet(
      t('sheet.byAgency'),
      [...question, id, agency, column(t('sheetColumn.respondents'), 12), ...option],
      report.questions.flatMap((question) =>
        question.agencies.flatMap(
          (one) =>
            byFigures(question.kind, {
              options: () =>
                question.options.map(({ code, vi, en }, at): Value[] => [
                  ...asked(question),
                  one.id,
                  named.get(one.id) ?? one.id,
                  one.respondents,
                  code,
                  of(vi, en),
                  one.counts[at] ?? 0,
                ]),
            }) ?? [],
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
    ...kioskSheet(report, w, agency),
    ...breakSheet(report, w),
    sheet(
      t('sheet.themes'),
      [group, column(t('column.theme'), 34), column(t('column.comments'), 12)],
      report.comments.themes.map((one): Value[] => [
        groupName(report, one.group, w),
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
      report.suggestions.received.map(({ state, count }) => [t(`suggestions.state.${state}`), count]),
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
