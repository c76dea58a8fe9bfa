import { expect, test } from 'vitest'
import { CASE_STATES, stateOf } from '../record/state-rules.ts'
import { CHAPTERS } from '../standing/rules.ts'
import { drawWay } from './rules.ts'

const ORDER = ['done', 'now', 'next']

test('in every state and chapter the way is done, then one step at most that goes on, then what comes', () => {
  for (const state of CASE_STATES)
    for (const chapter of CHAPTERS) {
      const way = drawWay(state, chapter)
      const when = way.map((entry) => ORDER.indexOf(entry.when))
      expect(when, state).toEqual(when.toSorted((a, b) => a - b))
      expect(way.filter((entry) => entry.when === 'now').length, state).toBeLessThanOrEqual(1)
      expect(new Set(way.map(({ step }) => step)).size, state).toBe(way.length)
    }
})

test('what is over has nothing left to do, what goes on has a step that goes on', () => {
  for (const state of CASE_STATES) {
    const going = drawWay(state, 'submitted').some(({ when }) => when !== 'done')
    expect(going, state).toBe(!stateOf(state).atRest && state !== 'rejected')
  }
})

test('a case that is being withdrawn shows no step that it will not take', () => {
  expect(drawWay('under_review', 'withdrawing')).toEqual([
    { step: 'received', when: 'done' },
    { step: 'withdrawing', when: 'now' },
    { step: 'withdrawn', when: 'next' },
  ])
})
