import { createTranslator } from 'use-intl/core'
import { type Month, monthLabel } from '#features/results/rules.ts'
import { type Instant, TIME_ZONE } from '#lib/time.ts'
import { catalogue } from '#messages/catalogue.ts'
import type { Locale } from '#messages/routing.ts'
import { hasEnded, periodWords } from '../period-rules.ts'
import type { CityReport, ReportFigures } from '../report-rules.ts'

const NUMERALS = ['I', 'II', 'III', 'IV', 'V', 'VI', 'VII', 'VIII', 'IX', 'X', 'XI', 'XII', 'XIII'] as const
const SECTIONS = [
  'method',
  'headline',
  'agencies',
  'questions',
  'trend',
  'kiosks',
  'comments',
  'promises',
  'suggestions',
  'exclusions',
  'recommendations',
  'trial',
  'data',
] as const
export type SectionName = (typeof SECTIONS)[number]

/** The answers first, then the method; data frozen before the first page existed keeps its method first. */
const METHOD_LAST = SECTIONS.toSpliced(SECTIONS.indexOf('data'), 0, 'method').slice(1)

/** Returns the sections of a report in order; some only where the data contains them. */
export const sectionsOf = ({
  questions,
  voices,
  recommendations,
  front,
  kiosks,
}: CityReport): readonly SectionName[] =>
  (front === undefined ? SECTIONS : METHOD_LAST).filter(
    (name) =>
      (name !== 'trial' || questions.some(({ use }) => use === 'trial')) &&
      (name !== 'kiosks' || kiosks !== undefined) &&
      (name !== 'promises' || voices !== undefined) &&
      (name !== 'recommendations' || recommendations !== undefined),
  )

export const numeralOf = (report: CityReport, name: SectionName): string =>
  NUMERALS[sectionsOf(report).indexOf(name)] ?? ''

/** The material of a report's file: the frozen data, its hash, and the last day of its figures. */
export interface FrozenReport {
  readonly report: CityReport
  readonly sha256: string
  readonly madeAt: Instant
  readonly locale: Locale
}

const translator = (locale: Locale) =>
  createTranslator({
    locale,
    messages: catalogue[locale],
    namespace: 'survey-report-paper',
    timeZone: TIME_ZONE,
  })

export function wordsOf(locale: Locale) {
  const t = translator(locale)
  const [percents, numbers] = [
    new Intl.NumberFormat(NUMBERS[locale], {
      style: 'percent',
      minimumFractionDigits: 1,
      maximumFractionDigits: 1,
    }),
    new Intl.NumberFormat(NUMBERS[locale]),
  ]
  const signs = new Intl.NumberFormat(NUMBERS[locale], {
    ...{ minimumFractionDigits: 1, maximumFractionDigits: 1, signDisplay: 'exceptZero' },
  })
  const percent = (share: number | null): string => (share === null ? '–' : percents.format(share))
  return {
    locale,
    t,
    percent,
    number: (count: number): string => numbers.format(count),
    scale: (floor: number): string => `${Math.round(floor * 100)}% – 100%`,
    date: (day: string): string => day.split('-').toReversed().join('/'),
    month: (month: Month): string => monthLabel(locale, month),
    interval: ({ low, high }: Pick<ReportFigures, 'low' | 'high'>): string =>
      low === null ? '–' : `${percent(low)} – ${percent(high)}`,
    /** Writes a number with its sign and one decimal: `+3,2`. */
    signed: (value: number): string => signs.format(value),
    /** Writes the period covered; one that has not ended runs to the report's last day. */
    period: ({ period, front }: CityReport): string =>
      front === undefined || hasEnded(period)
        ? periodWords(t, locale, period)
        : t('period.through', {
            from: monthLabel(locale, period.from),
            date: period.through.split('-').toReversed().join('/'),
          }),
    /** Picks the text in the paper's language; Vietnamese where there is no English. */
    of: (vi: string, en: string | null): string => (locale === 'vi' ? vi : (en ?? vi)),
  }
}

const NUMBERS = { vi: 'vi-VN', en: 'en-GB' } as const

export type Words = ReturnType<typeof wordsOf>
