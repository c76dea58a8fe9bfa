import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addMilliseconds, DAY } from '#lib/time.ts'
import {
  currentVersion,
  drawVersion,
  mayDecide,
  mayRetire,
  takesAnswers,
  takesKeptAnswers,
  trialEnd,
  trialVersion,
  type VersionDates,
  versionState,
  wasPublic,
} from './rules.ts'

const now = new Date('2026-11-24T03:00:00Z')
const day = (days: number) => addMilliseconds(now, days * DAY)
const one = (version: number, published: number | null, more: Partial<VersionDates> = {}): VersionDates => ({
  version,
  publishedAt: published === null ? null : day(published),
  retiredAt: null,
  trialPercent: null,
  trialEndsAt: null,
  adoptedAt: null,
  ...more,
})

test('each version is in the state that its dates say', () => {
  const all = [
    one(1, -300),
    one(2, -30, { retiredAt: day(-20) }),
    one(3, -10),
    one(4, -5, { trialPercent: 20, trialEndsAt: day(20) }),
    one(5, 3),
    one(6, 3, { retiredAt: day(-1) }),
    one(7, null),
  ]
  expect(all.map((version) => versionState(version, all, now))).toEqual([
    'replaced',
    'retired',
    'current',
    'trial',
    'scheduled',
    'cancelled',
    'draft',
  ])
  expect(all.filter((version) => wasPublic(version, now)).map(({ version }) => version)).toEqual([1, 2, 3, 4])
  // The next version takes over by itself on its day; until then the last one is in use.
  expect(currentVersion(all, day(3))?.version).toBe(5)
})

test('an open form is taken for a day after its version was replaced', () => {
  const all = [one(1, -300), one(2, 0)]
  const taken = (at: Date) => all.map((version) => takesAnswers(version, all, at))
  expect(taken(day(-1))).toEqual([true, false])
  expect(taken(day(0.9))).toEqual([true, true])
  expect(taken(day(1))).toEqual([false, true])
})

test('an open form is taken for a day though another version came and went in between', () => {
  const all = [one(1, -300), one(2, 0), one(3, 0.5)]
  const taken = (at: Date) => all.map((version) => takesAnswers(version, all, at))
  expect(taken(day(0.6))).toEqual([true, true, true])
  expect(taken(day(1.4))).toEqual([false, true, true])
  expect(taken(day(1.5))).toEqual([false, false, true])
  const back = [one(1, -300), one(2, 0, { retiredAt: day(3) }), one(3, 3.5)]
  expect(back.map((version) => takesAnswers(version, back, day(4.4)))).toEqual([true, false, true])
})

test('what a kiosk kept is taken for a month after its version was last asked, however that ended', () => {
  const all = [
    one(1, -300),
    one(2, 0, { retiredAt: day(2) }),
    one(3, 1, { trialPercent: 20, retiredAt: day(3) }),
    one(4, 4),
    one(5, 5, { retiredAt: day(4.5) }),
    one(6, 60),
    one(7, null),
  ]
  const taken = (at: Date) =>
    all.filter((version) => takesKeptAnswers(version, all, at)).map(({ version }) => version)
  expect(taken(day(-1))).toEqual([1])
  expect(taken(day(32))).toEqual([1, 2, 3, 4])
  expect(taken(day(33.5))).toEqual([1, 3, 4])
  expect(taken(day(34.5))).toEqual([1, 4])
  expect(taken(day(36))).toEqual([4])
})

test('a version that is retired gives way to the one before, and the last stays', () => {
  const [old, young] = [one(1, -300), one(2, -1)]
  expect(mayRetire(young, [old, young], now)).toBe(true)
  const without = [old, { ...young, retiredAt: now }]
  expect(currentVersion(without, now)?.version).toBe(1)
  expect(without.map((version) => mayRetire(version, without, now))).toEqual([false, false])
})

describe('the draw', () => {
  const all = [one(1, -300), one(2, -1, { trialPercent: 20 })]
  test('gives the trial its share of the forms', () => {
    const drawn = (random: number) => drawVersion(all, now, random)?.version
    expect([0, 0.1999, 0.2, 0.99].map(drawn)).toEqual([2, 2, 1, 1])
  })

  test('never draws what does not take answers', () => {
    const dates = fc.option(fc.integer({ min: -5, max: 5 }), { nil: null })
    const version = fc.record({ published: dates, retired: dates, percent: fc.constantFrom(null, null, 20) })
    fc.assert(
      fc.property(fc.array(version, { maxLength: 6 }), fc.double({ min: 0, max: 0.999 }), (some, random) => {
        const versions = some.map(({ published, retired, percent }, at) =>
          one(at + 1, published, {
            retiredAt: published === null || retired === null ? null : day(retired),
            trialPercent: percent,
          }),
        )
        const drawn = drawVersion(versions, now, random)
        if (drawn) expect(takesAnswers(drawn, versions, now)).toBe(true)
        else expect(currentVersion(versions, now)).toBeNull()
      }),
    )
  })
})

test('a trial ends on its last day, and the answers of open forms are taken for a day', () => {
  const all = [one(1, -300), one(2, -5, { trialPercent: 50, trialEndsAt: day(0) })]
  expect(trialVersion(all, day(-1))?.version).toBe(2)
  expect(trialVersion(all, now)).toBeNull()
  expect(versionState(all[1] ?? one(0, 0), all, now)).toBe('tried')
  expect(drawVersion(all, now, 0)?.version).toBe(1)
  expect([0.9, 1].map((at) => takesAnswers(all[1] ?? one(0, 0), all, day(at)))).toEqual([true, false])
})

test('a version for everybody is everybody’s from its day: it ends the trial beside the one before', () => {
  const tried = one(2, -5, { trialPercent: 50, trialEndsAt: day(30) })
  const all = [one(1, -300), tried, one(3, 2)]
  expect(trialEnd(tried, all)).toEqual(day(2))
  expect([1.9, 2].map((at) => trialVersion(all, day(at))?.version)).toEqual([2, undefined])
  for (const random of [0, 0.2, 0.49]) expect(drawVersion(all, day(2), random)?.version).toBe(3)
  // A version cancelled before its day ends nothing.
  expect(trialEnd(tried, [one(1, -300), tried, one(3, 2, { retiredAt: day(1) })])).toEqual(day(30))
})

test('an adopted trial takes the place of the version in use, also where its days were over', () => {
  const base = one(1, -300)
  const adopted = one(2, -9, { trialPercent: 20, trialEndsAt: day(-3), adoptedAt: day(-1) })
  const all = [base, adopted]
  expect(all.map((version) => versionState(version, all, now))).toEqual(['replaced', 'current'])
  expect([-4, -2, 0].map((at) => currentVersion(all, day(at))?.version)).toEqual([1, 1, 2])
  expect(trialVersion(all, now)).toBeNull()
})

test('a trial that has begun is decided and not retired', () => {
  const tried = one(2, -5, { trialPercent: 20, trialEndsAt: day(3) })
  const waiting = one(3, 4, { trialPercent: 20, trialEndsAt: day(9) })
  const all = [one(1, -300), tried, waiting]
  expect(all.map((version) => mayDecide(version, now))).toEqual([false, true, false])
  expect(all.map((version) => mayRetire(version, all, now))).toEqual([false, false, true])
})
