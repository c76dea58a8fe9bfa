import { expect, test } from 'vitest'
import { CHECK_NAMES } from '../rules.ts'
import { followStatus, STATUS_PARTS, statesOf } from './rules.ts'

const sound = CHECK_NAMES.map((name) => ({ name, ok: true }))
const but = (name: string, change: object) =>
  sound.map((check) => (check.name === name ? { ...check, ...change } : check))

test('a sound site works in all its parts', () => {
  expect(Object.values(statesOf(sound))).toEqual(STATUS_PARTS.map(() => 'works'))
})

test.each([
  ['database', { ok: false }, STATUS_PARTS],
  ['queue', { ok: false }, ['report', 'messages', 'blocking']],
  ['storage', { ok: false }, ['proof']],
  ['audit', { ok: false }, ['blocking']],
  ['backup', { ok: true, stopped: 'old' }, []],
])('without %s some parts are away', (name, change, away) => {
  const states = statesOf(but(name, change))
  expect(STATUS_PARTS.filter((part) => states[part] === 'away')).toEqual(away)
})

test.each([
  ['messages', 'messages'],
  ['audit', 'blocking'],
  ['storage', 'proof'],
])('where %s has stopped, a part is limited', (name, part) => {
  const states = statesOf(but(name, { stopped: 'x' }))
  expect(STATUS_PARTS.filter((one) => states[one] !== 'works')).toEqual([part])
})

test('no check at all is a site that is away', () => {
  expect(Object.values(statesOf([]))).toEqual(STATUS_PARTS.map(() => 'away'))
})

test('what does not change stands since it was first known; what changes, since now', () => {
  const [first, later] = [new Date('2026-12-01T01:00:00Z'), new Date('2026-12-01T02:00:00Z')]
  const before = followStatus(null, statesOf(sound), first)
  const after = followStatus(before, statesOf(but('storage', { ok: false })), later)
  expect(after.report).toEqual({ state: 'works', since: first.toISOString() })
  expect(after.proof).toEqual({ state: 'away', since: later.toISOString() })
})
