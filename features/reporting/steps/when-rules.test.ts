import fc from 'fast-check'
import { expect, test } from 'vitest'
import { err } from '#lib/result.ts'
import { addMilliseconds, DAY, HOUR, localDate, MINUTE } from '#lib/time.ts'
import { readIncident, shownIncident } from './incident-rules.ts'
import { readWhen, showWhen, writeLocal } from './when-rules.ts'

const blank = { incidentWhen: '', incidentTime: '', incidentAt: '' }
const at = (local: string) => new Date(`${local}:00+07:00`)
const read = (typed: Partial<typeof blank>, now: Date) => readWhen({ ...blank, ...typed }, now)

test.each([
  ['now', '', '2026-11-28T14:07', '2026-11-28T14:07'],
  ['today', '08:30', '2026-11-28T14:07', '2026-11-28T08:30'],
  ['today', '14:10', '2026-11-28T14:07', '2026-11-28T14:10'],
  ['yesterday', '23:59', '2026-11-28T00:01', '2026-11-27T23:59'],
  ['yesterday', '09:00', '2026-03-01T10:00', '2026-02-28T09:00'],
  // Just after midnight people still say "today" for the evening before, because the new day has hardly begun.
  ['today', '23:59', '2026-11-28T00:01', '2026-11-27T23:59'],
  ['today', '00:05', '2026-11-28T00:01', '2026-11-28T00:05'],
  ['today', '21:00', '2026-11-28T04:59', '2026-11-27T21:00'],
  ['today', '8h30', '2026-11-28T14:07', '2026-11-28T08:30'],
  ['today', '8 giờ', '2026-11-28T14:07', '2026-11-28T08:00'],
  ['today', '８：３０', '2026-11-28T14:07', '2026-11-28T08:30'],
])('%s %s, said at %s, is %s', (incidentWhen, incidentTime, now, meant) => {
  const said = read({ incidentWhen, incidentTime }, at(now))
  expect(said.ok && writeLocal(said.value)).toBe(meant)
})

test.each([
  ['today', '23:59', '2026-11-28T14:07', 'future'],
  ['today', '14:13', '2026-11-28T14:07', 'future'],
  ['today', '06:00', '2026-11-28T05:00', 'future'],
  ['today', '24:00', '2026-11-28T14:07', 'impossible'],
  ['yesterday', '12:60', '2026-11-28T14:07', 'impossible'],
  ['yesterday', 'tối', '2026-11-28T14:07', 'format'],
  ['yesterday', ' \u200b', '2026-11-28T14:07', 'empty'],
])('%s %s, said at %s, is refused as %s', (incidentWhen, incidentTime, now, fault) => {
  expect(read({ incidentWhen, incidentTime }, at(now))).toEqual(err({ field: 'incidentTime', fault }))
})

const nows = fc.date({ min: at('2024-01-01T00:00'), max: at('2035-12-31T23:59'), noInvalidDate: true })
const times = fc
  .tuple(fc.nat(23), fc.nat(59))
  .map(([h, m]) => `${String(h).padStart(2, '0')}:${String(m).padStart(2, '0')}`)

test('what is read is never to come, within two days, at the time that was typed', () => {
  fc.assert(
    fc.property(nows, times, fc.constantFrom('today', 'yesterday'), (now, incidentTime, incidentWhen) => {
      const said = read({ incidentWhen, incidentTime }, now)
      if (!said.ok) {
        // Only a future time today is refused, and not in the small hours.
        expect([incidentWhen, said.error.fault]).toEqual(['today', 'future'])
        expect(`${localDate(now)}T${incidentTime}` > writeLocal(now)).toBe(true)
        expect(writeLocal(now).slice(11) >= '05:00').toBe(true)
        return
      }
      expect(writeLocal(said.value).slice(11)).toBe(incidentTime)
      expect(said.value <= addMilliseconds(now, 5 * MINUTE)).toBe(true)
      expect(said.value > addMilliseconds(now, -2 * DAY)).toBe(true)
    }),
  )
})

test('what was read means the same when the form is shown and sent again, also days later', () => {
  fc.assert(
    fc.property(
      nows,
      times,
      fc.constantFrom('now', 'today', 'yesterday'),
      fc.nat(10 * 24),
      (now, incidentTime, incidentWhen, hours) => {
        const typed = { incidentType: 'lost', district: 'quan-3', incidentWhen, incidentTime }
        const first = readIncident(typed, ['quan-3'], now)
        fc.pre(first.value !== null)
        const later = addMilliseconds(now, hours * HOUR)
        const again = readIncident(first.answers, ['quan-3'], later)
        expect(again.value?.incidentAt).toEqual(first.value?.incidentAt)
        const shown = readIncident(shownIncident(first.answers, later), ['quan-3'], later)
        expect(shown.value?.incidentAt).toEqual(first.value?.incidentAt)
      },
    ),
  )
})

test('a day that was named and refused is not kept by its name, which means another day tomorrow', () => {
  const typed = { incidentType: 'lost', district: 'quan-3', incidentWhen: 'today', incidentTime: '23:00' }
  const { answers } = readIncident(typed, ['quan-3'], at('2026-11-28T14:00'))
  const kept = { ...typed, ...answers }
  expect(readIncident(kept, ['quan-3'], at('2026-11-29T23:30')).value).toBeNull()
})

test('another day is shown in the order that people write it here', () => {
  expect(showWhen(at('2026-06-05T20:30'), at('2026-11-28T14:00'))).toEqual({
    incidentWhen: 'other',
    incidentTime: '',
    incidentAt: '05/06/2026 20:30',
  })
})
