import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isAtWork, shareOut } from './rules.ts'

const PEOPLE = ['a', 'b', 'c', 'd', 'e']
const people = fc
  .array(fc.record({ id: fc.constantFrom(...PEOPLE), open: fc.integer({ min: 0, max: 60 }) }), {
    maxLength: 5,
  })
  .map((all) => [...new Map(all.map((one) => [one.id, one])).values()])
const cases = fc
  .array(fc.array(fc.constantFrom(...PEOPLE), { maxLength: 3 }), { maxLength: 50 })
  .map((all) => all.map((notFor, at) => ({ id: `case ${at}`, notFor })))

test('at work is who is neither in the waiting period nor absent', () => {
  const now = new Date('2026-11-24T03:00:00Z')
  const later = new Date(now.getTime() + 1)
  expect(isAtWork({ decidesFrom: now, absentUntil: null }, now)).toBe(true)
  expect(isAtWork({ decidesFrom: later, absentUntil: null }, now)).toBe(false)
  expect(isAtWork({ decidesFrom: now, absentUntil: '2026-11-24' }, now)).toBe(false)
})

test('each case goes once, to a person who was named and may have it; what is left nobody may have', () => {
  fc.assert(
    fc.property(cases, people, (some, receivers) => {
      const given = new Map(shareOut(some, receivers).map(({ caseId, to }) => [caseId, to]))
      for (const { id, notFor } of some) {
        const able = receivers.filter((one) => !notFor.includes(one.id)).map((one) => one.id)
        if (able.length === 0) expect(given.has(id)).toBe(false)
        else expect(able).toContain(given.get(id))
      }
    }),
  )
})

test('nobody who was given a case ends with two more than a person who could have had it', () => {
  fc.assert(
    fc.property(cases, people, (some, receivers) => {
      const given = shareOut(some, receivers)
      const ends = new Map(receivers.map(({ id, open }) => [id, open]))
      for (const { to } of given) ends.set(to, (ends.get(to) ?? 0) + 1)
      for (const { id } of receivers) {
        const last = given.findLast(({ to }) => to === id)
        const notFor = some.find((one) => one.id === last?.caseId)?.notFor
        if (notFor === undefined) continue
        for (const other of receivers)
          if (!notFor.includes(other.id))
            expect(ends.get(id)).toBeLessThanOrEqual((ends.get(other.id) ?? 0) + 1)
      }
    }),
  )
})

test('cases that anybody may have end within one of each other among people who began alike', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 1, max: 5 }), (count, heads) => {
      const receivers = PEOPLE.slice(0, heads).map((id) => ({ id, open: 3 }))
      const some = Array.from({ length: count }, (_, at) => ({ id: String(at), notFor: [] }))
      const given = shareOut(some, receivers)
      const each = receivers.map(({ id }) => given.filter(({ to }) => to === id).length)
      expect(Math.max(...each) - Math.min(...each)).toBeLessThanOrEqual(1)
      expect(given).toHaveLength(count)
    }),
  )
})
