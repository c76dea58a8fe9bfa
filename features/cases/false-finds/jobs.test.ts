import { expect, test } from 'vitest'
import { addMilliseconds, DAY, HOUR } from '#lib/time.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { makeCase } from '#tests/factories/case.ts'
import { warnOfFalseFinds } from './jobs.ts'

const sent = new Date('2026-12-01T02:00:00Z')
const later = (days: number, hours = 0) => addMilliseconds(sent, days * DAY + hours * HOUR)
const warnings = (caseId: string) => db.notice.count({ where: { caseId, template: 'beware' } })

test('the person of a case is warned on its 7th and 30th day, once each, by however many workers', async () => {
  const { id } = await makeCase({ now: sent })
  const seen: number[] = []
  for (const [days, hours] of [
    [6, 23],
    [7, 0],
    [7, 5],
    [8, 1],
    [29, 23],
    [30, 1],
    [30, 9],
    [31, 2],
  ] as const) {
    await Promise.all([warnOfFalseFinds(later(days, hours)), warnOfFalseFinds(later(days, hours))])
    seen.push(await warnings(id))
  }
  expect(seen).toEqual([0, 1, 1, 1, 1, 2, 2, 2])
})

test('nobody is warned of an old case after an upgrade, nor of one that has ended', async () => {
  const old = await makeCase({ now: sent })
  expect(await warnOfFalseFinds(later(20))).toBe(0)
  const over = await makeCase({ now: later(20) })
  await superuser.query(`UPDATE cases SET state = 'withdrawn' WHERE id = $1`, [over.id])
  expect(await warnOfFalseFinds(later(27, 1))).toBe(0)
  expect(await Promise.all([old.id, over.id].map(warnings))).toEqual([0, 0])
})
