import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Box } from '#lib/imei/pixels.ts'
import {
  around,
  bounded,
  MAX_ZOOM,
  moved,
  type Quarters,
  quarters,
  type Sight,
  sightOf,
  turnedBox,
  turnedSize,
  turningTransform,
  viewBoxOf,
  WHOLE,
  zoomed,
} from './rules.ts'

const share = fc.double({ min: 0, max: 1, noNaN: true })
const turns = fc.constantFrom<Quarters>(0, 1, 2, 3)
const size = fc.record({
  width: fc.integer({ min: 1, max: 5000 }),
  height: fc.integer({ min: 1, max: 5000 }),
})
const box: fc.Arbitrary<Box> = fc.tuple(share, share, share, share).map(([x, y, right, down]) => ({
  x,
  y,
  width: right * (1 - x),
  height: down * (1 - y),
}))
const sight: fc.Arbitrary<Sight> = fc
  .record({ zoom: fc.double({ min: 1, max: MAX_ZOOM, noNaN: true }), x: share, y: share })
  .map(bounded)

const close = (one: Box, other: Box) => {
  for (const key of ['x', 'y', 'width', 'height'] as const) expect(one[key]).toBeCloseTo(other[key], 9)
}

describe('turning', () => {
  test('a quarter to the right takes the top left corner to the top right', () => {
    close(turnedBox({ x: 0, y: 0, width: 0.2, height: 0.1 }, 1), { x: 0.9, y: 0, width: 0.1, height: 0.2 })
  })

  test('four quarters, or one there and one back, leave everything where it was', () => {
    fc.assert(
      fc.property(box, turns, (place, by) => {
        close(turnedBox(turnedBox(place, by), quarters(-by)), place)
        const round = [1, 1, 1, 1].reduce((so: Box, turn) => turnedBox(so, turn as Quarters), place)
        close(round, place)
      }),
    )
  })

  test('a frame is drawn where the turned picture shows what it frames', () => {
    fc.assert(
      fc.property(size, box, turns, (page, place, by) => {
        const [, right, down, degrees] = (
          turningTransform(page, by).match(/translate\((\S+) (\S+)\) rotate\((\d+)\)/) ?? []
        ).map(Number) as [number, number, number, number]
        const angle = (degrees * Math.PI) / 180
        const corners = [
          [place.x, place.y],
          [place.x + place.width, place.y + place.height],
        ].map(([x = 0, y = 0]) => {
          const [across, along] = [x * page.width, y * page.height]
          return [
            right + across * Math.cos(angle) - along * Math.sin(angle),
            down + across * Math.sin(angle) + along * Math.cos(angle),
          ] as const
        })
        const shown = turnedSize(page, by)
        const frame = turnedBox(place, by)
        const xs = corners.map(([x]) => x)
        const ys = corners.map(([, y]) => y)
        expect(Math.min(...xs)).toBeCloseTo(frame.x * shown.width, 4)
        expect(Math.max(...xs)).toBeCloseTo((frame.x + frame.width) * shown.width, 4)
        expect(Math.min(...ys)).toBeCloseTo(frame.y * shown.height, 4)
        expect(Math.max(...ys)).toBeCloseTo((frame.y + frame.height) * shown.height, 4)
      }),
    )
  })

  test.each([
    [5, 1],
    [-1, 3],
    [4, 0],
    [Number.NaN, 0],
  ])('%d quarters are %d', (by, so) => expect(quarters(by)).toBe(so))
})

test('what holds several parts holds each of them', () => {
  fc.assert(
    fc.property(fc.array(box, { minLength: 1 }), (parts) => {
      const all = around(parts)
      for (const { x, y, width, height } of parts) {
        expect(x).toBeGreaterThanOrEqual(all.x)
        expect(y).toBeGreaterThanOrEqual(all.y)
        expect(x + width).toBeLessThanOrEqual(all.x + all.width + 1e-9)
        expect(y + height).toBeLessThanOrEqual(all.y + all.height + 1e-9)
      }
    }),
  )
})

describe('looking nearer', () => {
  test('never leaves the page, and the whole is the least', () => {
    const step = fc.double({ min: -3, max: 3, noNaN: true })
    const times = fc.double({ min: 0.01, max: 50, noNaN: true })
    fc.assert(
      fc.property(sight, step, step, times, size, (from, right, down, by, page) => {
        for (const so of [
          moved(from, right, down),
          zoomed(from, by),
          bounded({ zoom: by, x: right, y: down }),
        ]) {
          expect(so.zoom).toBeGreaterThanOrEqual(1)
          expect(so.zoom).toBeLessThanOrEqual(MAX_ZOOM)
          const [left = 0, top = 0, width = 0, height = 0] = viewBoxOf(page, so).split(' ').map(Number)
          expect(left).toBeGreaterThanOrEqual(-0.01)
          expect(top).toBeGreaterThanOrEqual(-0.01)
          expect(left + width).toBeLessThanOrEqual(page.width + 0.02)
          expect(top + height).toBeLessThanOrEqual(page.height + 0.02)
        }
      }),
    )
  })

  test('keeps the point under the pointer where it is, unless an edge is in the way', () => {
    fc.assert(
      fc.property(sight, fc.double({ min: 1, max: 4, noNaN: true }), share, share, (from, times, x, y) => {
        const at = { x: from.x + (x - 0.5) / from.zoom, y: from.y + (y - 0.5) / from.zoom }
        const to = zoomed(from, times, at)
        expect((at.x - to.x) * to.zoom).toBeCloseTo(x - 0.5, 6)
        expect((at.y - to.y) * to.zoom).toBeCloseTo(y - 0.5, 6)
      }),
    )
  })

  test('shows all of a part that is asked for', () => {
    fc.assert(
      fc.property(box, size, size, (part, page, place) => {
        const { zoom, x, y } = sightOf(part, page, place)
        const scale = Math.min(place.width / page.width, place.height / page.height) * zoom
        const [across, down] = [place.width / scale / page.width / 2, place.height / scale / page.height / 2]
        expect(part.x).toBeGreaterThanOrEqual(x - across - 1e-9)
        expect(part.x + part.width).toBeLessThanOrEqual(x + across + 1e-9)
        expect(part.y).toBeGreaterThanOrEqual(y - down - 1e-9)
        expect(part.y + part.height).toBeLessThanOrEqual(y + down + 1e-9)
      }),
    )
    expect(viewBoxOf({ width: 1200, height: 1600 }, WHOLE)).toBe('0 0 1200 1600')
  })
})
