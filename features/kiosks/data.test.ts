import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { addMilliseconds, DAY } from '#lib/time.ts'
import { db } from '#tests/db.ts'
import { findLastDeed } from './data.ts'

const now = new Date('2026-12-01T02:00:00Z')
const day = (days: number) => addMilliseconds(now, days * DAY)

/** Publishes an answer with a promise. `kept`: what was done to keep it, and how many days ago. */
async function promised(agencyId: string, kept: readonly [string, number] | null): Promise<string> {
  const id = randomUUID()
  await db.agencyReply.create({
    data: {
      ...{ id, agencyId, saidVi: 'Chờ lâu', answerVi: 'Xin nhận', publishedAt: day(-60) },
      ...{ promiseVi: 'Thêm ghế', dueOn: day(30) },
      ...(kept && { doneVi: kept[0], keptAt: day(-kept[1]) }),
    },
  })
  return id
}

test('a kiosk tells what its own office did last, and nothing that was promised or withdrawn', async () => {
  await promised('quan-3', null)
  expect(await findLastDeed('quan-3')).toBe(null)
  await promised('quan-3', ['Đã thêm ghế', 20])
  await promised('quan-3', ['Đã mở quầy thứ Bảy', 5])
  const id = await promised('quan-3', ['Đã lắp quạt', 2])
  await db.agencyReply.update({
    where: { id },
    data: { withdrawnAt: day(-1), withdrawnVi: 'Nhầm', revision: 1 },
  })
  await promised('quan-1', ['Đã sơn lại', 1])
  expect(await findLastDeed('quan-3')).toEqual({
    doneVi: 'Đã mở quầy thứ Bảy',
    doneEn: null,
    keptAt: day(-5),
  })
})
