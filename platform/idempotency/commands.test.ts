import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { err, ok } from '#lib/result.ts'
import { addMilliseconds, MINUTE } from '#lib/time.ts'
import { db } from '#tests/db.ts'
import { actOnce, actOnceWithSecret, keyFor, OtherContent, withContent } from './commands.ts'

const now = new Date('2026-11-24T03:00:00Z')

test('an act is done once for a key, however often and much at once it is asked for, and answers what it did', async () => {
  const key = randomUUID()
  let times = 0
  const form = (at = now) =>
    actOnce<number, never>(key, 'test.act', at, async () => {
      times++
      return ok(times)
    })
  const done = { ok: true, value: 1 }
  expect(await Promise.all(Array.from({ length: 12 }, () => form()))).toEqual(Array(12).fill(done))
  expect(await form(addMilliseconds(now, 60 * MINUTE))).toEqual(done)
  expect(times).toBe(1)
})

test('what is refused is undone and spends no key', async () => {
  const [key, kept] = [randomUUID(), randomUUID()]
  const form = (refused: boolean) =>
    actOnce<true, 'no'>(key, 'test.act', now, async (tx) => {
      await tx.submission.create({ data: { key: kept, act: 'test.kept', outcome: {}, at: now } })
      return refused ? err('no') : ok(true)
    })
  expect(await Promise.all([form(true), form(true)])).toEqual(Array(2).fill({ ok: false, error: 'no' }))
  expect(await db.submission.count()).toBe(0)
  expect(await form(false)).toEqual({ ok: true, value: true })
  expect(await db.submission.count()).toBe(2)
})

test('a key is of one act, and may be made of what a form was sent for', async () => {
  const key = randomUUID()
  const form = (act: string, of: string = key) => actOnce<string, never>(of, act, now, async () => ok(act))
  await form('test.one')
  await expect(form('test.other')).rejects.toThrow('another act')
  const keys = [
    keyFor(key),
    keyFor(key, 'a'),
    keyFor(key, 'b'),
    keyFor(key, 'a', 'b'),
    keyFor(randomUUID(), 'a'),
  ]
  expect(new Set(keys).size).toBe(5)
  expect(keyFor(key, 'a')).toBe(keys[1])
  for (const one of keys) expect((await form('test.other', one)).ok).toBe(true)
})

test('a secret is shown again to the same form, and where it has a life, for that long', async () => {
  const key = randomUUID()
  let spent = false
  const form = (at = now) =>
    actOnceWithSecret<'spent'>(
      key,
      'test.secret',
      at,
      async () => {
        if (spent) return err('spent')
        spent = true
        return ok(null)
      },
      5 * MINUTE,
    )
  const [first, ...others] = await Promise.all([form(), form(), form()])
  expect(first).toMatchObject({ ok: true })
  for (const one of [...others, await form(addMilliseconds(now, 5 * MINUTE - 1))]) expect(one).toEqual(first)
  expect(await form(addMilliseconds(now, 5 * MINUTE))).toEqual({ ok: false, error: 'spent' })
  spent = false
  const anew = await form(addMilliseconds(now, 6 * MINUTE))
  expect(anew).toMatchObject({ ok: true })
  expect(anew).not.toEqual(first)
  expect(await form(addMilliseconds(now, 7 * MINUTE))).toEqual(anew)
  const stored = JSON.stringify(await db.submission.findMany())
  expect(stored).not.toContain(anew.ok ? anew.value.toString('base64url') : '')
})

test('a form that is sent again with other content is told so, and nothing of it is done', async () => {
  const key = randomUUID()
  let times = 0
  const form = (fields: Record<string, string> | null, life?: number) => {
    const act = () =>
      actOnce<number, never>(
        key,
        'test.act',
        now,
        async () => {
          times++
          return ok(times)
        },
        life,
      )
    return fields === null ? act() : withContent(fields, act)
  }
  const done = { ok: true, value: 1 }
  const sent = await Promise.all(Array.from({ length: 4 }, () => form({ reason: 'một', decision: 'verify' })))
  expect(sent).toEqual(Array(4).fill(done))
  // The order of the fields does not matter.
  expect(await form({ decision: 'verify', reason: 'một' })).toEqual(done)
  for (const other of [{ reason: 'hai', decision: 'verify' }, { reason: 'một' }, {}])
    await expect(form(other)).rejects.toThrow(OtherContent)
  // A call without a form is recognized by its key alone, as are rows of the previous release.
  expect(await form(null)).toEqual(done)
  await db.submission.update({ where: { key }, data: { content: null } })
  expect(await form({ reason: 'hai' })).toEqual(done)
  expect(times).toBe(1)
  // After `life`, as for a one-time code, the act runs again.
  expect(await form({ reason: 'ba' }, 0)).toEqual({ ok: true, value: 2 })
  await expect(form({ reason: 'bốn' })).rejects.toThrow(OtherContent)
})

test('what a form held cannot be read off its row', async () => {
  const key = randomUUID()
  await withContent({ reason: 'Trần Văn Bình' }, () => actOnce(key, 'test.act', now, async () => ok(true)))
  const { content } = await db.submission.findUniqueOrThrow({ where: { key } })
  expect(content).toHaveLength(32)
})
