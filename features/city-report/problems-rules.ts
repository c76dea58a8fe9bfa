import { AGENCY_GROUPS, type AgencyGroup } from '#features/agencies/rules.ts'
import { HEADLINE, kindOf } from '#features/questionnaires/questions/rules.ts'
import type { AskedQuestion } from '#features/questionnaires/versions/rules.ts'
import { badCodes, type Coded } from '#features/results/questions/rules.ts'
import type { Sample } from '#features/results/rules.ts'
import type { Counts } from '#features/results/tally-rules.ts'
import { MIN_COMPARED } from '#lib/statistics/groups.ts'
import { wilsonInterval } from '#lib/statistics/wilson.ts'
import type { CityReport, ReportAgency, ReportQuestion } from './report-rules.ts'

/** Returns how many answers report a problem; null for delicate questions, the headline, and where no answer is worse. */
export function badSample(question: Coded & { readonly key: string }, counts: Counts): Sample | null {
  const codes = badCodes(question)
  if (codes === null || kindOf(question.kind).delicate || question.key === HEADLINE) return null
  const sum = (some: readonly string[]) => some.reduce((all, code) => all + (counts[code] ?? 0), 0)
  return { top: sum(codes.bad), base: sum(codes.of) }
}

const countsOf = (options: ReportQuestion['options'], counts: readonly number[]): Counts =>
  Object.fromEntries(options.map(({ code }, at) => [code, counts[at] ?? 0]))

const shareIn = (share: Sample, dispersion: number) => ({
  ...share,
  ...wilsonInterval(share.top, share.base, dispersion),
})

type Told = ReturnType<typeof shareIn>

export interface Problem extends Told {
  readonly question: ReportQuestion
  /** The share in each group with thirty people or more. */
  readonly groups: readonly (Sample & { readonly group: AgencyGroup })[]
  /** The agencies where even the lower end of the interval is above the overall share, in the catalogue's order. */
  readonly agencies: readonly (Told & { readonly agency: ReportAgency })[]
}

/** Returns the agencies, of thirty people or more, whose share is clearly above the overall one. */
function surelyAbove(
  report: CityReport,
  { agencies }: ReportQuestion,
  all: Sample,
  sampleOf: (counts: readonly number[], respondents: number) => Sample,
): readonly (Told & { readonly agency: ReportAgency })[] {
  const factor = report.counting?.dispersion.compared ?? 1
  const known = new Map(report.agencies.map((agency) => [agency.id, agency]))
  return agencies.flatMap(({ id, counts, respondents }) => {
    const agency = known.get(id)
    const sample = sampleOf(counts, respondents)
    if (agency === undefined || agency.former || sample.base < MIN_COMPARED) return []
    const told = shareIn(sample, factor)
    return told.low > all.top / all.base ? [{ agency, ...told }] : []
  })
}

/** Returns the problems of the required questions in use, the most frequent first, with groups and agencies. */
export function problemsOf(report: CityReport): readonly Problem[] {
  const factor = report.counting?.dispersion.factor ?? 1
  const groupOf = new Map(report.agencies.map(({ id, group }) => [id, group]))
  return report.questions
    .filter(({ use = 'current', required }) => use === 'current' && required)
    .flatMap((question): Problem[] => {
      const { options } = question
      const sampleOf = (counts: readonly number[]) => badSample(question, countsOf(options, counts))
      const all = sampleOf(options.map(({ count }) => count))
      if (all === null || all.base < MIN_COMPARED || all.top === 0) return []
      const groups = AGENCY_GROUPS.map((group) => {
        const sum = { group, top: 0, base: 0 }
        for (const { id, counts } of question.agencies) {
          const sample = groupOf.get(id) === group ? sampleOf(counts) : null
          sum.top += sample?.top ?? 0
          sum.base += sample?.base ?? 0
        }
        return sum
      })
      return [
        {
          question,
          ...shareIn(all, factor),
          groups: groups.filter(({ base }) => base >= MIN_COMPARED),
          agencies: surelyAbove(report, question, all, (counts) => sampleOf(counts) ?? { top: 0, base: 0 }),
        },
      ]
    })
    .toSorted((a, b) => b.top / b.base - a.top / a.base)
}

/** Returns the agencies clearly above the overall share of an option of a delicate question, out of all who answered it. */
export function agenciesTelling(report: CityReport, question: ReportQuestion, option: string) {
  const at = question.options.findIndex(({ code }) => code === option)
  const all = { top: question.options[at]?.count ?? 0, base: question.respondents }
  return surelyAbove(report, question, all, (counts, respondents) => ({
    top: counts[at] ?? 0,
    base: respondents,
  }))
}

/** How often dissatisfied and satisfied people reported a problem: shares in whole per cent, people in whole tens. */
export interface ReportReason {
  readonly group: AgencyGroup
  readonly version: number
  readonly key: string
  readonly unsatisfied: { readonly share: number; readonly people: number }
  readonly satisfied: { readonly share: number; readonly people: number }
}

export interface AnsweredWith {
  readonly group: AgencyGroup
  readonly version: number
  readonly satisfied: boolean
  readonly question: string
  readonly code: string
  readonly people: number
}

/** Returns how often dissatisfied and satisfied people reported each problem, by group of thirty people on both sides. */
export function reasonsOf(rows: readonly AnsweredWith[], asked: readonly AskedQuestion[]): ReportReason[] {
  const current = asked.filter(({ use }) => use === 'current')
  return AGENCY_GROUPS.flatMap((group) =>
    current.flatMap(({ version, versions, question }): ReportReason[] => {
      const own = rows.filter(
        (row) => row.group === group && row.question === question.key && versions.includes(row.version),
      )
      const side = (satisfied: boolean) => {
        const counts: Record<string, number> = {}
        for (const row of own)
          if (row.satisfied === satisfied) counts[row.code] = (counts[row.code] ?? 0) + row.people
        const sample = badSample(question, counts)
        return sample === null || sample.base < MIN_COMPARED
          ? null
          : {
              share: Math.round((100 * sample.top) / sample.base) / 100,
              people: Math.floor(sample.base / 10) * 10,
            }
      }
      const [unsatisfied, satisfied] = [side(false), side(true)]
      return unsatisfied === null || satisfied === null
        ? []
        : [{ group, version, key: question.key, unsatisfied, satisfied }]
    }),
  )
}
