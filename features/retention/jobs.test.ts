import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { addMilliseconds, DAY, MINUTE } from '#lib/time.ts'
import { mailer } from '#platform/mail.ts'
import { smsSender } from '#platform/sms.ts'
import { db } from '#tests/db.ts'
import { outbox } from '#tests/outbox.ts'
import { jobs } from './jobs.ts'

const data = process.env.DATA_DIR ?? ''
const job = jobs.find(({ queue }) => queue === 'retention')
const sweepAt = async (now: Date) => {
  if (job?.queue !== 'retention') throw new Error('there is no such job')
  await job.run({}, now, new AbortController().signal)
}

test('messages lie in the outbox for seven days; what is not ours stays', async () => {
  const at = new Date('2026-11-24T03:40:00.123Z')
  const id = '5f0c9d4e-8a52-4d0e-9c1e-2f7d8f3f1a11'
  await mailer().send({ id, to: 'lan@example.vn', subject: 'x', body: 'y', locale: 'vi', at })
  await smsSender().send({ id, to: '+84912345678', text: 'x', at: addMilliseconds(at, MINUTE) })
  const note = join(data, 'outbox', 'my-notes.json')
  writeFileSync(note, '{}')
  await sweepAt(addMilliseconds(at, 7 * DAY))
  expect(outbox(data)).toHaveLength(3)
  await sweepAt(addMilliseconds(at, 7 * DAY + 1000))
  expect(outbox(data).map(({ name }) => name.slice(-4))).toEqual(['json', 'json'])
  await sweepAt(addMilliseconds(at, 7 * DAY + 2 * MINUTE))
  expect(existsSync(note)).toBe(true)
  expect(outbox(data)).toHaveLength(1)
})

test('the counts of messages are kept for thirteen months', async () => {
  const day = new Date('2025-10-20')
  await db.messageCount.create({
    data: { day, way: 'sms', outcome: 'accepted', code: '', count: 1, segments: 1 },
  })
  await sweepAt(new Date('2026-11-19T00:00:00Z'))
  expect(await db.messageCount.count()).toBe(1)
  await sweepAt(new Date('2026-11-22T00:00:00Z'))
  expect(await db.messageCount.count()).toBe(0)
})
