import { describe, expect, it } from 'vitest'
import type { AskedQuestion } from '#features/questionnaires/versions/rules.ts'
import { madeUpReport } from '#tests/factories/city-report.ts'
import { type AnsweredWith, agenciesTelling, problemsOf, reasonsOf } from './problems-rules.ts'
import type { CityReport } from './report-rules.ts'

/** Returns a report in which one question has the same counts at every agency but one. */
function reportWith(key: string, usual: readonly number[], odd: readonly number[]): CityReport {
  const report = madeUpReport({ agencies: 'districts', months: 1 })
  const ids = report.agencies.slice(0, 5).map(({ id }) => id)
  const sum = (counts: readonly number[]) => counts.reduce((all, count) => all + count, 0)
  return {
    ...report,
    questions: report.questions
      .filter((question) => question.key === key)
      .map((question) => ({
        ...question,
        respondents: 4 * sum(usual) + sum(odd),
        options: question.options.map((option, at) => ({
          ...option,
          count: 4 * (usual[at] ?? 0) + (odd[at] ?? 0),
        })),
        agencies: ids.map((id, at) => {
          const counts = at === 2 ? odd : usual
          return { id, respondents: sum(counts), counts }
        }),
      })),
  }
}

describe('what went wrong', () => {
  it('is of those whose result was due, and names the agency where it is surely more', () => {
    // early, on time, late and told, late and untold, not due yet
    const [late] = problemsOf(reportWith('r2', [40, 40, 10, 10, 50], [20, 20, 30, 30, 0]))
    expect(late).toMatchObject({ top: 140, base: 500 })
    expect(late?.agencies.map(({ agency, top, base }) => [agency.vi, top, base])).toEqual([
      ['Quận 3', 60, 100],
    ])
  })

  it('names no agency on the word of few', () => {
    expect(problemsOf(reportWith('r2', [40, 40, 10, 10, 0], [0, 0, 10, 10, 0]))[0]?.agencies).toEqual([])
  })

  it('is no question of money: there it is people who tell, and where surely more do', () => {
    const report = reportWith('e5', [95, 5, 0], [44, 16, 0])
    expect(problemsOf(report)).toEqual([])
    const [question] = report.questions
    if (question === undefined) throw new Error('none')
    expect(agenciesTelling(report, question, 'yes').map(({ agency, top }) => [agency.vi, top])).toEqual([
      ['Quận 3', 16],
    ])
  })
})

describe('what goes with dissatisfaction', () => {
  const { questions } = madeUpReport({ agencies: 'districts', months: 1 })
  const asked = questions.map((question) => ({
    ...{ version: 1, versions: [1], use: 'current', question },
  })) as unknown as readonly AskedQuestion[]
  const answered = (satisfied: boolean, code: string, people: number): AnsweredWith => ({
    ...{ group: 'districts', version: 1, question: 'r2', satisfied, code, people },
  })

  it('is told in whole per cent, of people in whole tens', () => {
    const rows = [
      ...[answered(false, 'late_untold', 14), answered(false, 'ontime', 19), answered(false, 'notdue', 50)],
      ...[answered(true, 'late_told', 5), answered(true, 'early', 95)],
    ]
    expect(reasonsOf(rows, asked)).toEqual([
      {
        ...{ group: 'districts', version: 1, key: 'r2' },
        unsatisfied: { share: 0.42, people: 30 },
        satisfied: { share: 0.05, people: 100 },
      },
    ])
  })

  it('is told of thirty people on either side alone', () => {
    const rows = [answered(false, 'late_untold', 29), answered(true, 'early', 95)]
    expect(reasonsOf(rows, asked)).toEqual([])
  })
})
