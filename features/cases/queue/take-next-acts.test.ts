import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import type { StaffReader } from '#lib/access/actor.ts'
import { addMilliseconds, HOUR } from '#lib/time.ts'
import { db } from '#tests/db.ts'
import { makeCase, makePolice, makeProvenCase, move } from '#tests/factories/case.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { HANDED_OUT, takeNext } from './acts.ts'

const now = new Date('2026-11-24T03:00:00Z')
const ago = (hours: number) => ({ now: addMilliseconds(now, -hours * HOUR) })

let officer: StaffReader
let supervisor: StaffReader
beforeEach(async () => {
  ;({ officer, supervisor } = await makePolice())
})

const next = async (actor: StaffReader, key: string = randomUUID(), at = now) => {
  const given = await takeNext(actor, key, at)
  return given.ok ? given.value : given.error
}

describe('the next case', () => {
  test('is the one that is due first, of the own unit, and is taken', async () => {
    const fresh = await makeCase(ago(1))
    const late = await makeCase(ago(20))
    await makeCase({ ...ago(30), unitId: 'quan-1' })
    const key = randomUUID()
    expect(await next(officer, key)).toEqual({ number: late.number, taken: true })
    expect(await db.case.findFirst({ where: { id: late.id } })).toMatchObject({
      state: 'under_review',
      assigneeId: officer.id,
    })
    // Pressed twice, it gives one case.
    expect(await next(officer, key)).toEqual({ number: late.number, taken: true })
    expect(await next(officer)).toEqual({ number: fresh.number, taken: true })
    expect(await next(officer)).toBe('none')
  })

  test('is never the same for two people, though they press at one moment', async () => {
    const made = await Promise.all(Array.from({ length: 12 }, (_, n) => makeCase(ago(n))))
    const others = await Promise.all(Array.from({ length: 7 }, () => makeStaff('officer')))
    const given = await Promise.all([officer, ...others, officer, ...others].map((one) => next(one)))
    const numbers = given.flatMap((one) => (typeof one === 'string' ? [] : [one.number]))
    expect(new Set(numbers).size).toBe(numbers.length)
    expect(numbers.length).toBeGreaterThanOrEqual(8)
    const rest = []
    for (let one = await next(officer); typeof one !== 'string'; one = await next(officer))
      rest.push(one.number)
    expect([...numbers, ...rest].toSorted()).toEqual(made.map(({ number }) => number).toSorted())
  })

  test('is no case that the person may not decide', async () => {
    const held = await makeCase(ago(9))
    await db.case.update({ where: { id: held.id }, data: { held: 'conflict' } })
    const appealed = await makeCase(ago(8))
    await db.case.update({ where: { id: appealed.id }, data: { rejectedById: officer.id } })
    expect(await next(officer)).toBe('none')
    expect(await next(supervisor)).toEqual({ number: appealed.number, taken: true })
  })

  test('of a supervisor is also what waits for a second person, shown to one at a time', async () => {
    const verified = await makeProvenCase(ago(10))
    await move(verified.id, officer, { move: 'take' }, now)
    await move(verified.id, officer, { move: 'verify' }, now)
    const own = await makeProvenCase(ago(10))
    await move(own.id, supervisor, { move: 'take' }, now)
    await move(own.id, supervisor, { move: 'verify' }, now)
    await db.case.update({ where: { id: verified.id }, data: { dueAt: addMilliseconds(now, HOUR) } })
    const other = await makeStaff('supervisor')
    expect(await next(supervisor)).toEqual({ number: verified.number, taken: false })
    expect(await next(other)).toEqual({ number: own.number, taken: false })
    expect(await next(other)).toEqual({ number: own.number, taken: false })
    const later = addMilliseconds(now, HANDED_OUT + 1)
    expect(await next(other, randomUUID(), later)).toEqual({ number: verified.number, taken: false })
    // An officer approves nothing.
    expect(await next(officer)).toBe('none')
  })

  test('of city police is what only they decide, before any unit’s new report', async () => {
    const city = await makeStaff('city_police')
    const report = await makeCase(ago(30))
    const conflict = await makeCase(ago(1))
    await db.case.update({ where: { id: conflict.id }, data: { held: 'conflict' } })
    const [first, second] = [await next(city), await next(await makeStaff('city_police'))]
    expect([first, second]).toEqual([
      { number: conflict.number, taken: false },
      { number: report.number, taken: true },
    ])
  })
})
