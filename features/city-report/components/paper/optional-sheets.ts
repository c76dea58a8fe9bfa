import type { Sheet } from 'write-excel-file/node'
import type { CityReport } from '#features/city-report/rules/report-data.ts'
import { firstDay } from '#features/results/rules/month.ts'
import { nameOfChange } from './first-page.ts'
import { type Column, sheet, type Value } from './sheet.ts'
import { standingOf } from './voices.ts'
import type { Words } from './words.ts'

// Optional sheets: each is left out where the frozen data, which may be of an older form, has nothing for it.

/** Returns every change that was compared and every month outside its limits. */
export function frontSheets(report: CityReport, w: Words): Sheet<never>[] {
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

/** Returns promises and questions answered in words, a row each. */
export function voiceSheets({ voices, agencies }: CityReport, w: Words, agency: Column): Sheet<never>[] {
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

/** Returns a sheet of every handover within the trend. */
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

/** Returns a sheet of what kiosks took, by agency. */
export function kioskSheet({ kiosks }: CityReport, { t, of }: Words, agency: Column): Sheet<never>[] {
  if (kiosks === undefined) return []
  const share = (label: string): Column => ({ label, width: 12, share: true })
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
