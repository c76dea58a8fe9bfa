import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addMilliseconds, HOUR } from '#lib/time.ts'
import {
  carriersToLookUp,
  questionExpiry,
  questionState,
  readNetworkImeis,
  SIM_ANSWERS,
  takeAnswer,
} from './rules.ts'

const askedAt = new Date('2026-11-24T08:00:00Z')
const asked = {
  kind: 'number_in_imei',
  askedAt,
  expiresAt: questionExpiry(askedAt),
  answeredAt: null,
  answer: null,
  imeis: [],
  open: true,
} as const
const after = (hours: number) => addMilliseconds(askedAt, hours * HOUR)

test('a question is late after a day and expired after seven, unless it was answered', () => {
  const states = [0, 24, 25, 7 * 24 - 1, 7 * 24].map((hours) => questionState(asked, after(hours)))
  expect(states).toEqual(['asked', 'asked', 'late', 'late', 'expired'])
  expect(questionState({ ...asked, answeredAt: after(1) }, after(1000))).toBe('answered')
  expect(questionState({ ...asked, open: false }, after(1))).toBe('taken_back')
})

test('the first answer in time stands, with any other told at any time', () => {
  const told = fc.record({ answer: fc.constantFrom(...SIM_ANSWERS), hours: fc.integer({ min: 0, max: 400 }) })
  fc.assert(
    fc.property(fc.array(told), (rows) => {
      const inOrder = rows.toSorted((a, b) => a.hours - b.hours)
      const first = inOrder[0] && inOrder[0].hours < 7 * 24 ? inOrder[0].answer : null
      let question: Parameters<typeof takeAnswer>[0] = asked
      for (const { answer, hours } of inOrder) {
        const verdict = takeAnswer(question, { answer, imeis: [] }, after(hours))
        if (verdict === 'recorded') question = { ...question, answer, answeredAt: after(hours) }
        else if (first === null) expect(verdict).toBe('expired')
        else expect(verdict).toBe(answer === first ? 'duplicate' : 'answered_otherwise')
      }
      expect(question.answer).toBe(first)
    }),
  )
})

test('an answer belongs to its kind, and comes too late once the question is taken back', () => {
  const lookup = { ...asked, kind: 'imei_of_number' } as const
  const take = (question: Parameters<typeof takeAnswer>[0], answer: 'yes' | 'imeis' | 'unknown') =>
    takeAnswer(question, { answer, imeis: [] }, after(1))
  expect([take(asked, 'imeis'), take(lookup, 'yes')]).toEqual(['other_kind', 'other_kind'])
  expect([take(asked, 'unknown'), take(lookup, 'unknown'), take(lookup, 'imeis')]).toEqual(
    Array(3).fill('recorded'),
  )
  expect(take({ ...lookup, open: false }, 'imeis')).toBe('expired')
})

test('the same phones named again in any order are a duplicate, others are not; forgotten ones are not compared', () => {
  const named = {
    ...asked,
    kind: 'imei_of_number',
    answer: 'imeis',
    imeis: ['1', '2'],
    answeredAt: after(1),
  } as const
  const again = (imeis: string[], question: Parameters<typeof takeAnswer>[0] = named) =>
    takeAnswer(question, { answer: 'imeis', imeis }, after(2))
  expect(again(['2', '1'])).toBe('duplicate')
  expect(again(['1'])).toBe('answered_otherwise')
  expect(again(['1'], { ...named, imeis: null })).toBe('duplicate')
})

test('IMEIs are read as networks write them, each phone once; what is none is named by its place', () => {
  const whole = '352987065816623'
  const ways = [whole, '35298706581662', '352987065816620', '3529870658166201']
  expect(readNetworkImeis(ways)).toEqual({ ok: true, value: [whole] })
  expect(readNetworkImeis([])).toEqual({ ok: true, value: [] })
  const bad = { '352987065816624': 'check_digit', '004999010640000': 'test_body', '000000000000000': 'zeros' }
  for (const [imei, fault] of Object.entries(bad))
    expect(readNetworkImeis([whole, imei])).toEqual({ ok: false, error: { at: 1, fault } })
})

test('the id number goes to the carrier of the prefix first, and to others only once it is none of its subscribers', () => {
  const active = ['mobifone', 'vinaphone', 'viettel']
  const answered = (answer: 'not_subscriber' | 'unknown' | 'imeis' | null) => ({
    carrierId: 'vinaphone',
    answer,
  })
  expect(carriersToLookUp([], 'vinaphone', active)).toEqual(['vinaphone'])
  expect(carriersToLookUp([], 'itel', active)).toEqual(active)
  expect(carriersToLookUp([], null, active)).toEqual(active)
  for (const answer of [null, 'unknown', 'imeis'] as const)
    expect(carriersToLookUp([answered(answer)], 'vinaphone', active)).toEqual([])
  expect(carriersToLookUp([answered('not_subscriber')], 'vinaphone', active)).toEqual(['mobifone', 'viettel'])
  const all = active.map((carrierId) => ({ carrierId, answer: 'not_subscriber' as const }))
  expect(carriersToLookUp(all, 'vinaphone', active)).toEqual([])
})
