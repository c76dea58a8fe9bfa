import { describe, expect, test } from 'vitest'
import seeded from '#cities/viet-nam/questions.json' with { type: 'json' }
import { questionsSchema } from '#features/questionnaires/questions/rules.ts'
import { ok } from '#lib/result.ts'
import { newReceiptNumber, parseReceiptNumber, parseServiceDate, readRating } from './rules.ts'

const now = new Date('2026-11-24T03:00:00Z')
const questions = questionsSchema.parse(seeded.questions)
const REQUIRED = { r1: '4', r2: 'ontime', r3: '0', r4: 'na', r5: '5', r6: 'right' }
const read = (typed: Record<string, string>) =>
  readRating({ ...REQUIRED, serviceDate: '2026-11-24', ...typed }, questions, now)
const faults = (typed: Record<string, string>) => {
  const rating = read(typed)
  return rating.ok ? {} : rating.error
}

test('the day is chosen or written, and never made up', () => {
  const on = (typed: Record<string, string>) => {
    const rating = read({ serviceDate: '', ...typed })
    return rating.ok ? rating.value.serviceDate : rating.error
  }
  expect(on({ serviceWhen: 'today' })).toBe('2026-11-24')
  expect(on({ serviceWhen: 'yesterday' })).toBe('2026-11-23')
  // A typed date counts, even if another day is still chosen beside it.
  expect(on({ serviceWhen: 'today', serviceDate: '20/11/2026' })).toBe('2026-11-20')
  expect(on({ serviceWhen: 'today', serviceDate: '31/11/2026' })).toEqual({
    serviceDate: 'serviceDate.impossible',
  })
  for (const serviceWhen of ['', 'other', 'tomorrow'])
    expect(on({ serviceWhen })).toEqual({ serviceDate: 'serviceDate.empty' })
  expect(on({ serviceWhen: 'after' })).toEqual({ serviceDate: 'serviceDate.after' })
})

test('faults come in the order of the page, the day first', () => {
  expect(Object.keys(faults({ serviceDate: '', r1: '', r2: '' }))).toEqual(['serviceDate', 'r1', 'r2'])
})

describe('a rating', () => {
  test('is read whole, the code as it is compared', () => {
    expect(read({ e5: 'no', dossierCode: ' h29.1 - 77/2026 ', comment: 'Tốt\r\nlắm\0', other: 'x' })).toEqual(
      ok({
        answers: { ...REQUIRED, e5: 'no' },
        texts: {},
        serviceDate: '2026-11-24',
        procedure: null,
        dossierCode: 'H291772026',
        comment: 'Tốt\nlắm',
        suggestion: null,
      }),
    )
  })

  test('needs every required answer, and takes only options of its version', () => {
    expect(faults({ r1: '', r6: '' })).toEqual({ r1: 'answer.empty', r6: 'answer.empty' })
    expect(faults({ r1: '6', e1: 'constructor' })).toEqual({ r1: 'answer.unknown', e1: 'answer.unknown' })
  })

  test('takes 2,000 characters as a person counts them', () => {
    expect(faults({ comment: 'ệ'.normalize('NFD').repeat(2_000) })).toEqual({})
    expect(faults({ comment: '👩‍👩‍👧'.repeat(1_900) })).toEqual({})
    expect(faults({ comment: 'a'.repeat(2_001) })).toEqual({ comment: 'comment.too_long' })
    expect(faults({ suggestion: `a${'\u0301'.repeat(60_000)}` })).toEqual({
      suggestion: 'suggestion.too_long',
    })
    expect(faults({ procedure: 'a'.repeat(201) })).toEqual({ procedure: 'procedure.too_long' })
  })
})

describe('several-choice and open questions', () => {
  const options = ['web', 'desk', 'post'].map((code) => ({ code, vi: code, en: code }))
  const words = { vi: 'x', en: 'x', source: '' }
  const asked = questionsSchema.parse([
    { key: 'q1', kind: 'several', required: true, options, ...words },
    { key: 'q2', kind: 'text', required: true, options: [], ...words },
  ])
  const answer = (typed: Record<string, string | string[]>) => {
    const rating = readRating({ serviceDate: '2026-11-24', ...typed }, asked, now)
    return rating.ok ? [rating.value.answers, rating.value.texts] : rating.error
  }

  test('are a set of options in the order asked, and words apart from the answers', () => {
    expect(answer({ q1: ['post', 'web', 'post', ''], q2: ' Rõ ràng hơn. ' })).toEqual([
      { q1: ['web', 'post'] },
      { q2: 'Rõ ràng hơn.' },
    ])
    expect(answer({ q1: 'desk', q2: 'á'.repeat(2_000) })).toMatchObject([{ q1: ['desk'] }, {}])
  })

  test('are refused like the others', () => {
    expect(answer({})).toEqual({ q1: 'answer.empty_several', q2: 'answer.empty_text' })
    expect(answer({ q1: ['web', 'fax'], q2: 'á'.repeat(2_001) })).toEqual({
      q1: 'answer.unknown',
      q2: 'answer.too_long',
    })
  })
})

test('a question that depends on an answer is read after that answer alone', () => {
  const words = { vi: 'x', en: 'x', source: '' }
  const yesNo = ['yes', 'no'].map((code) => ({ code, vi: code, en: code }))
  const shownIf = { key: 'q1', codes: ['no'] }
  const asked = questionsSchema.parse([
    { key: 'q2', kind: 'single', required: false, options: yesNo, shownIf, ...words },
    { key: 'q3', kind: 'text', required: false, options: [], shownIf, ...words },
    { key: 'q1', kind: 'single', required: true, options: yesNo, ...words },
  ])
  const answer = (typed: Record<string, string>) => {
    const rating = readRating({ serviceDate: '2026-11-24', ...typed }, asked, now)
    return rating.ok ? [rating.value.answers, rating.value.texts] : rating.error
  }
  expect(answer({ q1: 'no', q2: 'yes', q3: 'Lâu.' })).toEqual([{ q1: 'no', q2: 'yes' }, { q3: 'Lâu.' }])
  expect(answer({ q1: 'no' })).toEqual([{ q1: 'no' }, {}])
  expect(answer({ q1: 'yes', q2: 'yes', q3: 'Lâu.' })).toEqual([{ q1: 'yes' }, {}])
  expect(answer({ q2: 'yes', q3: 'Lâu.' })).toEqual({ q1: 'answer.empty' })
})

test.each([
  ['2026-11-24', '2026-11-24'],
  ['24/11/2026', '2026-11-24'],
  ['2025-11-24', '2025-11-24'],
  ['2025-11-23', 'too_old'],
  ['2026-11-25', 'future'],
  ['202611-11-25', 'future'],
  ['2026-02-31', 'impossible'],
  ['', 'empty'],
  ['hôm qua', 'format'],
])('the day of service %j is %s', (typed, expected) => {
  const date = parseServiceDate(typed, now)
  expect(date.ok ? date.value : date.error).toBe(expected)
})

test('today is the city’s day', () => {
  expect(parseServiceDate('2026-11-25', new Date('2026-11-24T17:00:00Z')).ok).toBe(true)
  expect(parseServiceDate('2026-11-25', new Date('2026-11-24T16:59:00Z')).ok).toBe(false)
})

test('a receipt number is read in any writing, and a wrong character is seen', () => {
  const number = newReceiptNumber((n) => new Uint8Array(n).fill(17))
  expect(number).toMatch(/^DG-HHHH-HHHH-HHHH-.$/)
  expect(parseReceiptNumber(number.toLowerCase().replaceAll('-', ' '))).toBe(number)
  expect(parseReceiptNumber(number.slice(3))).toBe(number)
  expect(parseReceiptNumber(number.replace('H-H', 'J-H'))).toBeNull()
  expect(parseReceiptNumber('')).toBeNull()
})
