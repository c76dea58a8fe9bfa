import { expect, test } from 'vitest'
import { addMilliseconds, HOUR, type Instant } from '#lib/time.ts'
import { afterFailure, askedToWait, type Failing, pushFault } from './rules.ts'

const now = new Date('2026-11-25T00:00:00Z')
const fresh: Failing = { failures: 0, failingSince: null }

test('2xx comes through; everything else has its name', () => {
  expect([200, 201, 204, 299].map(pushFault)).toEqual([null, null, null, null])
  expect([301, 302, 307, 308].map(pushFault)).toEqual(Array(4).fill('redirect'))
  expect(pushFault(410)).toBe('gone')
  expect([100, 199, 400, 401, 404, 429, 500, 503].map(pushFault)).toEqual(Array(8).fill('status'))
})

test('pauses double up to an hour, are drawn from their whole length, and are never none', () => {
  const pause = (failures: number, random: number) =>
    (afterFailure({ failures, failingSince: now }, 'status', now, random).nextTryAt?.getTime() ?? 0) -
    now.getTime()
  expect([0, 1, 2, 3].map((failures) => pause(failures, 1))).toEqual([5_000, 10_000, 20_000, 40_000])
  expect([10, 100, 2_000].map((failures) => pause(failures, 1))).toEqual([HOUR, HOUR, HOUR])
  expect(pause(3, 0.5)).toBe(20_000)
  expect(pause(100, 0)).toBe(1_000)
})

test('a receiver that is busy says until when, in seconds or as a date', () => {
  expect(askedToWait(429, '120', now)).toEqual(addMilliseconds(now, 120_000))
  expect(askedToWait(503, ' 0 ', now)).toEqual(now)
  expect(askedToWait(503, 'Wed, 25 Nov 2026 00:05:00 GMT', now)).toEqual(addMilliseconds(now, 300_000))
  expect(askedToWait(503, 'Wed, 25 Nov 2015 00:05:00 GMT', now)).toEqual(new Date('2015-11-25T00:05:00Z'))
  for (const text of [undefined, '', 'soon', '-5', '1.5', '9'.repeat(40), '2026-11-25', 'Never GMT'])
    expect(askedToWait(503, text, now)).toBeNull()
  expect(askedToWait(500, '120', now)).toBeNull()
})

test('what it asks for lengthens a pause, up to an hour, shortens none, and never outlasts the last try', () => {
  const next = (asked: Instant, since = now) =>
    afterFailure({ failures: 3, failingSince: since }, 'status', now, 0.5, asked).nextTryAt
  expect(next(addMilliseconds(now, 120_000))).toEqual(addMilliseconds(now, 120_000))
  expect(next(addMilliseconds(now, 48 * HOUR))).toEqual(addMilliseconds(now, HOUR))
  expect(next(addMilliseconds(now, -HOUR))).toEqual(addMilliseconds(now, 20_000))
  expect(next(addMilliseconds(now, 5_000))).toEqual(addMilliseconds(now, 20_000))
  const since = addMilliseconds(now, -72 * HOUR + 60_000)
  expect(next(addMilliseconds(now, 120_000), since)).toEqual(addMilliseconds(now, 60_000))
})

test('it gives up after 72 hours without one success, and at once where nothing more is wanted', () => {
  const first = afterFailure(fresh, 'timeout', now, 0.5)
  expect(first).toMatchObject({ state: 'live', failures: 1, failingSince: now })
  const late = afterFailure(first, 'dns', addMilliseconds(now, 72 * HOUR - 1), 0.5)
  expect(late).toMatchObject({ state: 'live', failures: 2, failingSince: now })
  expect(afterFailure(late, 'dns', addMilliseconds(now, 72 * HOUR), 0.5)).toEqual({
    ...{ state: 'given_up', failures: 3, failingSince: now, nextTryAt: null },
  })
  expect(afterFailure(fresh, 'gone', now, 0.5)).toMatchObject({ state: 'gone', nextTryAt: null })
})
