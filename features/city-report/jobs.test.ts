import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { listVoicesByAgency } from '#features/ratings/comments/reading-data.ts'
import { changePromise, writeReply } from '#features/ratings/replies/acts.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { makeTen } from '#tests/factories/rating.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { must } from '#tests/must.ts'
import { remindOfPromises } from './jobs.ts'

const now = new Date('2026-11-24T03:00:00Z')
const WORDS = { said: 'Bạn nói phải chờ lâu.', answer: 'Đã xem lại.', promise: 'Mở thêm quầy.' }

/** Returns the accounts reminded so far, with the due dates. */
const reminded = async () => {
  const { rows } = await superuser.query<{ to: string; on: string }>(
    `SELECT data->>'accountId' AS to, data->>'dueOn' AS on FROM pgboss.job WHERE name = 'promise-notice' ORDER BY 2`,
  )
  return rows
}

it('reminds an agency of a promise once for each day it has, and a promise moved stays overdue', async () => {
  const viewer = await makeStaff('agency_viewer')
  await superuser.query(`UPDATE staff_accounts SET totp_secret = '\\x00' WHERE id = $1`, [viewer.id])
  await makeTen('quan-3', now, ['Chờ lâu.'])
  const { id: comment } = await db.surveyComment.findFirstOrThrow()
  const form = { comment: [comment], ...WORDS, dueOn: '2026-12-05', submitKey: randomUUID() }
  const published = must(await writeReply(viewer, form, now))
  await remindOfPromises(now)
  expect(await reminded()).toEqual([])
  await remindOfPromises(new Date('2026-11-28T03:00:00Z'))
  await remindOfPromises(new Date('2026-11-29T03:00:00Z'))
  expect(await reminded()).toEqual([{ to: viewer.id, on: '2026-12-05' }])
  const late = new Date('2026-12-06T03:00:00Z')
  const moved = {
    replyId: published,
    revision: 0,
    ...{ promise: WORDS.promise, dueOn: '2027-06-30', reason: 'Chưa có kinh phí.' },
    submitKey: randomUUID(),
  }
  expect((await changePromise(viewer, moved, late)).ok).toBe(true)
  const all = await listVoicesByAgency(await makeStaff('survey_manager'), late)
  expect(all?.find(({ id }) => id === 'quan-3')?.overdue).toBe(1)
  await remindOfPromises(new Date('2027-06-24T03:00:00Z'))
  expect((await reminded()).map(({ on }) => on)).toEqual(['2026-12-05', '2027-06-30'])
})
