import { randomInt } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isTestImei, luhnDigit, parseImei } from '#lib/imei/imei.ts'
import type { OrderState } from '../orders/rules.ts'
import { type DrilledOrder, drillFigures, drillImei, drillStep, phaseEnd } from './rules.ts'

test('every number that is drawn is right in form, and no phone can have it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 999_999_999_998 }), (drawn) => {
      const imei = drillImei(() => drawn)
      expect(imei).toMatch(/^00\d{13}$/)
      expect(luhnDigit(imei.slice(0, 14))).toBe(imei[14])
      expect(isTestImei(imei)).toBe(true)
      expect(parseImei(imei)).toEqual({ ok: false, error: 'test_body' })
    }),
  )
  expect(drillImei(randomInt)).not.toBe(drillImei(randomInt))
})

const start = new Date('2026-11-25T02:00:00Z')
const running = {
  phaseMinutes: 15,
  startedAt: start,
  turnedAt: null,
  dueAt: phaseEnd(start, 15),
  endedAt: null,
}
const soon = new Date('2026-11-25T02:01:00Z')
const late = new Date('2026-11-25T02:15:00Z')
const blocks = (...states: OrderState[]) => states.map((state) => ({ action: 'block' as const, state }))

test('it turns to the unblocks once every block is answered, or its time is up', () => {
  expect(drillStep(running, blocks('applied', 'acknowledged'), soon)).toBeNull()
  expect(drillStep(running, blocks('applied', 'failed'), soon)).toBe('turn')
  expect(drillStep(running, blocks('applied', 'sent'), late)).toBe('turn')
})

test('it ends once every unblock is answered, or its time is up; then nothing is due any more', () => {
  const turned = { ...running, turnedAt: soon, dueAt: phaseEnd(soon, 15) }
  const unblocks = (state: OrderState) => [...blocks('sent'), { action: 'unblock' as const, state }]
  expect(drillStep(turned, unblocks('sent'), late)).toBeNull()
  expect(drillStep(turned, unblocks('applied'), late)).toBe('end')
  expect(drillStep(turned, unblocks('sent'), turned.dueAt)).toBe('end')
  expect(drillStep({ ...turned, endedAt: late }, unblocks('sent'), late)).toBeNull()
})

test('its figures count each order once, and time only what happened', () => {
  const after = (seconds: number) => new Date(start.getTime() + seconds * 1000)
  const order = (state: OrderState, received: number | null, settled: number | null): DrilledOrder => ({
    ...{ action: 'block', state, issuedAt: start },
    acknowledgedAt: received === null ? null : after(received),
    settledAt: settled === null ? null : after(settled),
  })
  const orders = [
    order('applied', 1, 4),
    order('applied', 2, 90),
    order('applied', 3, 6),
    order('failed', 5, 7),
    order('sent', null, null),
  ]
  expect(drillFigures(orders)).toEqual({
    ...{ orders: 5, received: 4, applied: 3, refused: 1, unanswered: 1 },
    ...{ medianReceived: 2000, medianApplied: 6000, slowestApplied: 90_000 },
  })
  expect(drillFigures([])).toMatchObject({ orders: 0, unanswered: 0, medianReceived: null })
})
