import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { MOVES, ruleOf, targetsOf } from '../moves/rules.ts'
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

test('prisma/functions/keep_moves.sql lists every move that can change the state, as the rules have it', () => {
  const sql = readFileSync('prisma/functions/keep_moves.sql', 'utf8')
  const listed = [...sql.matchAll(/\('(\w+)', '\{([\w,]+)\}',\s+'\{([\w,]+)\}'\)/g)].map(
    ([, move = '', from = '', to = '']) => [move, from.split(',').sort(), to.split(',').sort()],
  )
  const moved = MOVES.flatMap((move) => {
    const ways = ruleOf(move).from.flatMap((from) =>
      targetsOf(ruleOf(move), from).flatMap((to) => (to === from ? [] : [{ from, to }])),
    )
    const [from, to] = [new Set(ways.map((way) => way.from)), new Set(ways.map((way) => way.to))]
    return ways.length === 0 ? [] : [[move, [...from].sort(), [...to].sort()]]
  })
  expect(listed).toEqual(expect.arrayContaining(moved))
  // The move that only the last release makes.
  expect(listed).toHaveLength(moved.length + 1)
})
