import { AGENCY_GROUPS } from '#features/agencies/rules.ts'
import { badCodes } from '#features/results/questions/rules.ts'
import { type Band, SMALLEST_DIFFERENCE } from '#features/results/rules.ts'
import { MIN_COMPARED } from '#lib/statistics/groups.ts'
import type { ReportChange, ReportFront, ReportSensitive } from '../front-rules.ts'
import { agenciesTelling, type Problem, problemsOf } from '../problems-rules.ts'
import { type CityReport, promiseCounts, type ReportQuestion } from '../report-rules.ts'
import { groupName } from './front.ts'
import { numeralOf, type Words } from './sections.ts'

/** The most agencies named here; a longer list is counted, with the section that lists it. */
const MOST_NAMED = 5

const questionOf = ({ questions }: CityReport, { version, key }: { version: number; key: string }) =>
  questions.find((one) => one.version === version && one.key === key)

/** Writes a change in points with its sign: `+3,2`. */
export const signedPoints = (share: number, { signed }: Words): string => signed(100 * share)

function answerOf({ total, front }: CityReport, w: Words): string {
  const { t, percent } = w
  const share = percent(total.satisfied)
  const change = front?.total ?? null
  if (change === null) return t('front.answer.alone', { share })
  const how = !change.beyond ? 'same' : change.exact.difference > 0 ? 'higher' : 'lower'
  return t(`front.answer.${how}`, {
    share,
    was: percent(change.before.top / change.before.base),
    points: signedPoints(change.exact.difference, w),
  })
}

/** The words for problems, by question of the City's own list; other questions use their options. */
const WRONG: Readonly<Record<string, 'late' | 'again' | 'rude' | 'unclear' | 'wrong'>> = {
  r2: 'late',
  r3: 'again',
  r4: 'rude',
  r5: 'unclear',
  r6: 'wrong',
}

export function wrongWords(question: ReportQuestion, { t, of }: Words): string {
  const known = WRONG[question.key]
  if (known !== undefined) return t(`front.wrong.${known}`)
  const bad = badCodes(question)?.bad ?? []
  const options = question.options
    .filter(({ code }) => bad.includes(code))
    .map(({ vi, en }) => `“${of(vi, en)}”`)
  return t('front.wrong.other', { options: options.join(t('front.or')), text: of(question.vi, question.en) })
}

const PROBLEMS_TOLD = 3
/** Groups whose shares differ by this much or more are shown separately. */
const GROUPS_APART = 0.03

/** Returns a line about one problem: how many people, groups that differ, the change, and agencies clearly above. */
function problemLine(problem: Problem, report: CityReport, w: Words): string {
  const { t, percent, interval } = w
  const { question, top, base, groups, agencies } = problem
  const change = report.front?.problems?.find(
    ({ of }) => of.kind === 'question' && of.key === question.key && of.version === question.version,
  )
  const by = groups.map(
    ({ group, ...one }) => `${groupName(report, group, w)} ${percent(one.top / one.base)}`,
  )
  const shares = groups.map((one) => one.top / one.base)
  const apart = Math.max(...shares) - Math.min(...shares)
  return [
    t('front.problems.line', {
      share: percent(top / base),
      what: wrongWords(question, w),
      interval: interval(problem),
    }),
    ...(apart >= GROUPS_APART ? [`${by.join('; ')}.`] : []),
    ...(change === undefined
      ? []
      : [
          t(`front.problems.${!change.beyond ? 'same' : change.exact.difference > 0 ? 'more' : 'fewer'}`, {
            was: percent(change.before.top / change.before.base),
          }),
        ]),
    ...(agencies.length === 0 ? [] : [t('front.problems.where', { names: placesOf(problem, report, w) })]),
  ].join(' ')
}

const placesOf = ({ agencies }: Problem, report: CityReport, w: Words): string =>
  agencies.length > MOST_NAMED
    ? w.t('front.problems.many', { count: agencies.length, section: numeralOf(report, 'questions') })
    : agencies
        .map(({ agency, top, base }) => `${w.of(agency.vi, agency.en)} ${w.percent(top / base)}`)
        .join('; ')

/** Returns the answers at least ten points more frequent among the dissatisfied of a group than among the satisfied. */
function reasonLines(report: CityReport, w: Words): string[] {
  const { t } = w
  const whole = (share: number) => Math.round(share * 100)
  return AGENCY_GROUPS.flatMap((group) => {
    const some = (report.reasons ?? [])
      .filter((one) => one.group === group)
      .map((one) => ({ ...one, apart: one.unsatisfied.share - one.satisfied.share }))
      .filter(({ apart }) => apart >= SMALLEST_DIFFERENCE)
      .toSorted((a, b) => b.apart - a.apart)
      .slice(0, PROBLEMS_TOLD)
    const [first] = some
    if (first === undefined) return []
    const told = some.flatMap((one) => {
      const question = questionOf(report, one)
      return question === undefined
        ? []
        : [
            t('front.reasons.one', {
              share: whole(one.unsatisfied.share),
              other: whole(one.satisfied.share),
              what: wrongWords(question, w),
            }),
          ]
    })
    return [t('front.reasons.line', { group: groupName(report, group, w), told: told.join('; ') })]
  })
}

interface Telling {
  readonly question: ReportQuestion
  readonly one: ReportSensitive
  readonly agencies: ReturnType<typeof agenciesTelling>
}

/** Returns the delicate questions in use, each with the agencies clearly above the overall share. */
const tellings = (report: CityReport, front: ReportFront): readonly Telling[] =>
  front.sensitive.flatMap((one) => {
    const question = questionOf(report, one)
    if (question === undefined || question.use === 'past') return []
    const agencies = one.option === null ? [] : agenciesTelling(report, question, one.option)
    return [{ question, one, agencies }]
  })

/** Returns how many of the people who answered at each agency reported it. It states only what people said. */
const tellingNames = ({ agencies }: Telling, { t, of, number }: Words): string[] =>
  agencies.map(({ agency, top, base }) =>
    t('front.sensitive.place', { name: of(agency.vi, agency.en), count: number(top), base: number(base) }),
  )

/** Returns how far the figures can be trusted: who answered, of how many cases, and where there are too few answers. */
function trustLines(report: CityReport, w: Words): string[] {
  const { t, number } = w
  const covered = report.agencies.flatMap(({ coverage }) => (coverage === undefined ? [] : [coverage]))
  const sum = (of: (one: (typeof covered)[number]) => number) =>
    covered.reduce((all, one) => all + of(one), 0)
  const [answers, cases] = [sum((one) => one.answers), sum((one) => one.cases)]
  const few = report.agencies.filter(({ standing, former }) => !former && standing !== 'full').length
  return [
    t('front.limits', { section: numeralOf(report, 'method') }),
    cases === 0
      ? t('front.trust.uncovered')
      : t('front.trust.covered', {
          ...{ answers: number(answers), cases: number(cases) },
          rate: number(Math.round((1000 * answers) / cases)),
        }),
    ...(few === 0 ? [] : [t('front.trust.few', { count: few, least: MIN_COMPARED })]),
    t('front.trust.ask'),
  ]
}

export function frontLines(report: CityReport, front: ReportFront, w: Words) {
  const { t, percent } = w
  const problems = problemsOf(report)
  const [worst] = problems
  const told = tellings(report, front)
  return {
    answer: [
      answerOf(report, w),
      ...(worst === undefined
        ? []
        : [
            t('front.worst', { share: percent(worst.top / worst.base), what: wrongWords(worst.question, w) }),
          ]),
    ].join(' '),
    problems: problems.slice(0, PROBLEMS_TOLD).map((one) => problemLine(one, report, w)),
    sensitive: told.flatMap((one) => [
      ...sensitiveLines(one, report, front, w),
      one.agencies.length === 0
        ? t('front.sensitive.nowhere')
        : t('front.sensitive.places', { names: tellingNames(one, w).join('; ') }),
    ]),
    reasons: reasonLines(report, w),
    where: bandLine(report, w),
    decide: decisions(report, front, w),
    trust: trustLines(report, w),
  }
}

function bandLine(report: CityReport, { t }: Words): string {
  const open = report.agencies.filter(({ former }) => !former)
  const count = (which: Band | null) => open.filter(({ band }) => band === which).length
  return t('front.bands', {
    ...{ above: count('above'), same: count('same'), below: count('below'), none: count(null) },
    section: numeralOf(report, 'agencies'),
  })
}

export function nameOfChange({ of }: ReportChange, report: CityReport, w: Words): string {
  if (of.kind === 'total') return w.t('headline.total')
  if (of.kind === 'agency') {
    const agency = report.agencies.find(({ id }) => id === of.id)
    return agency === undefined ? of.id : w.of(agency.vi, agency.en)
  }
  const question = questionOf(report, of)
  return question === undefined ? of.key : w.t('front.question', { text: w.of(question.vi, question.en) })
}

function sensitiveLines({ question, one }: Telling, report: CityReport, front: ReportFront, w: Words) {
  const { t, of, percent, number } = w
  const { told } = one
  if (told.base === 0) return [of(question.vi, question.en), t('question.none')]
  const answered = t('front.sensitive.answered', {
    ...{ count: number(told.base), all: number(report.total.responses) },
    way: t(question.required ? 'front.sensitive.required' : 'front.sensitive.optional'),
  })
  const shares = question.options
    .map(
      (option) =>
        `${of(option.vi, option.en)} ${percent(option.count / told.base)} (${number(option.count)})`,
    )
    .join('; ')
  return [
    `${of(question.vi, question.en)} ${
      one.low === null || one.high === null
        ? shares
        : t('front.sensitive.share', {
            share: percent(told.top / told.base),
            option: optionOf(one, question, w),
            count: number(told.top),
            ...{ low: percent(one.low), high: percent(one.high) },
            bound: t(`front.sensitive.${sideOf(one.low, one.high, front.bound)}`, {
              bound: percent(front.bound),
            }),
          })
    } ${answered}`,
  ]
}

const sideOf = (low: number, high: number, bound: number): 'above' | 'unsure' | 'below' =>
  low > bound ? 'above' : high <= bound ? 'below' : 'unsure'

const optionOf = (
  { option }: ReportSensitive,
  { options }: CityReport['questions'][number],
  { of }: Words,
): string => {
  const found = options.find(({ code }) => code === option)
  return found === undefined ? '' : of(found.vi, found.en)
}

export function promised({ voices }: CityReport, { t }: Words): string {
  const all = voices?.promises ?? []
  return all.length === 0 ? t('promises.none') : t('front.promises.counts', promiseCounts(all))
}

/** Returns the decisions that the Committee is asked for, each based on a fact in the report and a stated bound. */
function decisions(report: CityReport, front: ReportFront, w: Words): string[] {
  const { t, of, percent, month } = w
  const named = new Map(report.agencies.map(({ id, vi, en }) => [id, of(vi, en)]))
  const nameOf = (id: string) => named.get(id) ?? id
  const below = front.outside.filter(({ side }) => side === 'below')
  const lower = report.agencies.filter(({ band, former }) => band === 'below' && !former)
  const asking = tellings(report, front).filter(({ agencies }) => agencies.length > 0)
  const spread = problemsOf(report)
    .slice(0, PROBLEMS_TOLD)
    .filter(({ agencies }) => agencies.length > 0)
    .slice(0, 1)
  const overdue = report.voices?.promises.filter(({ state }) => state === 'overdue') ?? []
  const owing = [...new Set(overdue.map(({ agencyId }) => agencyId))]
  const some = (names: readonly string[], section: string) =>
    names.length <= MOST_NAMED ? names.join('; ') : t('front.decide.many', { count: names.length, section })
  return [
    ...(report.recommendations === undefined
      ? []
      : [
          t('front.decide.recommended', {
            text: recommended(report, w),
            section: numeralOf(report, 'recommendations'),
          }),
        ]),
    ...front.sensitive.flatMap((one) => {
      const question = one.above ? questionOf(report, one) : undefined
      if (question === undefined || question.use === 'past') return []
      return [
        t(front.sensitive.length === 1 ? 'front.decide.thisSensitive' : 'front.decide.sensitive', {
          text: of(question.vi, question.en),
          option: optionOf(one, question, w),
          share: percent(one.told.top / one.told.base),
          bound: percent(front.bound),
        }),
      ]
    }),
    ...asking.map((one) =>
      t('front.decide.telling', { names: some(tellingNames(one, w), numeralOf(report, 'questions')) }),
    ),
    ...(lower.length === 0
      ? []
      : [
          t('front.decide.lower', {
            names: some(
              lower.map((one) => `${of(one.vi, one.en)} (${percent(one.satisfied)})`),
              numeralOf(report, 'agencies'),
            ),
          }),
        ]),
    ...spread.map((one) =>
      t('front.decide.problem', { what: wrongWords(one.question, w), names: placesOf(one, report, w) }),
    ),
    ...(below.length === 0
      ? []
      : [
          t('front.decide.outside', {
            names: some(
              below.map((one) =>
                t('front.decide.month', {
                  ...{ name: nameOf(one.agencyId), month: month(one.month) },
                  share: percent(one.satisfied),
                }),
              ),
              numeralOf(report, 'trend'),
            ),
          }),
        ]),
    ...(overdue.length === 0
      ? []
      : [
          t('front.decide.overdue', {
            count: overdue.length,
            names: some(owing.map(nameOf), numeralOf(report, 'promises')),
            section: numeralOf(report, 'promises'),
          }),
        ]),
  ]
}

/** The longest text of recommendations on the first page, in UTF-16 units. */
const RECOMMENDED = 400

/** Returns the reporting office's recommendations, cut between words where they do not fit. */
function recommended({ recommendations }: CityReport, { of }: Words): string {
  if (recommendations === undefined) return ''
  const text = of(recommendations.vi, recommendations.en).split(/\n+/).join(' ')
  return text.length <= RECOMMENDED ? text : `${text.slice(0, text.lastIndexOf(' ', RECOMMENDED))} …`
}
