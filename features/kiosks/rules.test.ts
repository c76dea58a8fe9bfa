import fc from 'fast-check'
import { expect, test } from 'vitest'
import { afterReply, enqueued, linkState, QUEUE_MAX, readQueue } from './rules.ts'

const now = new Date('2026-11-24T03:00:00Z')
const at = (ms: number) => new Date(now.getTime() + ms)

test('a kiosk ends with its time, and at once when it is revoked', () => {
  expect(linkState({ expiresAt: at(1), revokedAt: null }, now)).toBe('live')
  expect(linkState({ expiresAt: now, revokedAt: null }, now)).toBe('expired')
  expect(linkState({ expiresAt: at(1), revokedAt: at(-1) }, now)).toBe('revoked')
})

const answer = fc.record({
  submitKey: fc.uuid(),
  fields: fc.array(fc.tuple(fc.string(), fc.string())),
})

test('what waits on the device is read as it was written, in order, each once and no more than there is room for', () => {
  fc.assert(
    fc.property(fc.array(answer, { maxLength: 20 }), (answers) => {
      const queue = [...answers, ...answers].reduce(enqueued, readQueue(null))
      expect(readQueue(JSON.stringify(queue))).toEqual(queue)
      const keys = queue.map(({ submitKey }) => submitKey)
      expect(keys).toEqual([...new Set(answers.map(({ submitKey }) => submitKey).toReversed())].toReversed())
    }),
  )
  const full = Array.from({ length: QUEUE_MAX + 5 }, (_, n) => ({ submitKey: String(n), fields: [] }))
  const kept = full.reduce(enqueued, readQueue(null))
  expect([kept.length, kept.at(-1)?.submitKey]).toEqual([QUEUE_MAX, String(QUEUE_MAX + 4)])
})

test('anything else on the device is an empty queue', () => {
  fc.assert(fc.property(fc.string(), (text) => Array.isArray(readQueue(text))))
  expect(readQueue('{"a":1}')).toEqual([])
  expect(readQueue('[{"submitKey":1,"fields":[]},{"submitKey":"k","fields":[["a"]]}]')).toEqual([])
})

test('an answer is forgotten only when the server has it, or will never take it', () => {
  expect([200, 422, 403, 429, 500, 502].map(afterReply)).toEqual([
    'done',
    'drop',
    'later',
    'later',
    'later',
    'later',
  ])
})
