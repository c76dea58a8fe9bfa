import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { CASE_STATES, OVER_STATES, statesThat } from './state-rules.ts'

const listsIn = (file: string): string[][] =>
  [...readFileSync(file, 'utf8').matchAll(/\bstate(?:_text)? (?:IN \(|= ANY \(ARRAY\[)([^)\]]+)/g)]
    .map(([, list = '']) => [...list.matchAll(/'(\w+)'/g)].map(([, name = '']) => name))
    .filter((names) => names.every((name) => CASE_STATES.some((state) => state === name)))

const undecided = statesThat(({ block }) => block === 'undecided')

test.each([
  ['prisma/functions/place_in_queue.sql', undecided, 1],
  ['prisma/models/cases.prisma', OVER_STATES, 2],
])('%s lists the same states in its SQL as the rules', (file, states, lists) => {
  expect(listsIn(file)).toEqual(Array(lists).fill(states))
})
