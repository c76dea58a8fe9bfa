import type { CityReport } from '#features/city-report/rules/report-data.ts'

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

/** The answers first, how they were found after them; data frozen before there was a first page keeps its method first. */
const METHOD_LAST = SECTIONS.toSpliced(SECTIONS.indexOf('data'), 0, 'method').slice(1)

/**
 * Returns the sections of a report in their order; what a trial alone asks has one only where there is any, and promises and
 * recommendations where the data tells of them.
 */
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

/** Returns the Roman numeral of a section of a report. */
export const numeralOf = (report: CityReport, name: SectionName): string =>
  NUMERALS[sectionsOf(report).indexOf(name)] ?? ''
