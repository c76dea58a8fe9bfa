import fc from 'fast-check'
import { expect, test } from 'vitest'
import { WHOLE } from '../turning/rules.ts'
import { tagged } from './rules.ts'

const shown = { width: 1000, height: 800 }
const at = { shown, sight: WHOLE, letter: 20 }
const box = (x: number, y: number, width = 0.4, height = 0.08) => ({ x, y, width, height })
const named = (...boxes: readonly ReturnType<typeof box>[]) =>
  boxes.map((one, n) => ({ label: `IMEI ${n + 1}`, tone: 'ok' as const, box: one }))

const overlap = (
  a: { x: number; y: number; width: number; height: number },
  b: { x: number; y: number; width: number; height: number },
) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height

test('a name stands at the left of its frame, and at the right where the left has no room', () => {
  const [left] = tagged(named(box(0.3, 0.2)), at)
  expect(left?.tag.x).toBeLessThan(left?.frame.x ?? 0)
  expect(left?.tag.line).not.toBeNull()
  const [right] = tagged(named(box(0.01, 0.2)), at)
  expect(right?.tag.x).toBeGreaterThan((right?.frame.x ?? 0) + (right?.frame.width ?? 0))
})

test('where neither side has room, names stand above the first frame, one beside the other', () => {
  const [one, two] = tagged(named(box(0.01, 0.4, 0.98), box(0.01, 0.6, 0.98)), at)
  if (!one || !two) throw new Error('two are framed')
  for (const { tag } of [one, two]) expect(tag.y + 32).toBeLessThanOrEqual(one.frame.y)
  expect(two.tag.x).toBeGreaterThanOrEqual(one.tag.x + one.tag.width)
})

test('a name that stands beside its frame covers no frame, and so no number', () => {
  const share = fc.integer({ min: 0, max: 90 }).map((n) => n / 100)
  fc.assert(
    fc.property(fc.array(fc.tuple(share, share), { minLength: 1, maxLength: 4 }), (places) => {
      const all = tagged(named(...places.map(([x, y]) => box(x, y, 0.3, 0.06))), at)
      for (const { tag } of all) {
        if (tag.line === null) continue
        for (const { frame } of all)
          expect(overlap({ x: tag.x, y: tag.y, width: tag.width, height: 32 }, frame)).toBe(false)
      }
    }),
  )
})
