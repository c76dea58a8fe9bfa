import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addMilliseconds, HOUR } from '#lib/time.ts'
import { questionExpiry, questionState, SIM_ANSWERS, takeAnswer } from './question.ts'

const askedAt = new Date('2026-11-24T08:00:00Z')
const asked = { askedAt, expiresAt: questionExpiry(askedAt), answeredAt: null, answer: null }
const after = (hours: number) => addMilliseconds(askedAt, hours * HOUR)

test('a question is late after a day and expired after seven, unless it was answered', () => {
  const states = [0, 24, 25, 7 * 24 - 1, 7 * 24].map((hours) => questionState(asked, after(hours)))
  expect(states).toEqual(['asked', 'asked', 'late', 'late', 'expired'])
  expect(questionState({ ...asked, answeredAt: after(1) }, after(1000))).toBe('answered')
})

test('whatever is told and when, the first answer in time stands', () => {
  const told = fc.record({ answer: fc.constantFrom(...SIM_ANSWERS), hours: fc.integer({ min: 0, max: 400 }) })
  fc.assert(
    fc.property(fc.array(told), (rows) => {
      const inOrder = rows.toSorted((a, b) => a.hours - b.hours)
      const first = inOrder[0] && inOrder[0].hours < 7 * 24 ? inOrder[0].answer : null
      let question: Parameters<typeof takeAnswer>[0] = asked
      for (const { answer, hours } of inOrder) {
        const verdict = takeAnswer(question, answer, after(hours))
        if (verdict === 'recorded') question = { ...question, answer, answeredAt: after(hours) }
        else if (first === null) expect(verdict).toBe('expired')
        else expect(verdict).toBe(answer === first ? 'duplicate' : 'answered_otherwise')
      }
      expect(question.answer).toBe(first)
    }),
  )
})
