import { expect, it, test } from 'vitest'
import { goesBack, isReminderTime, reminderDay, remindersOf } from './rules.ts'

const now = new Date('2026-11-24T03:00:00Z')
const before = (seconds: number) => new Date(now.getTime() - seconds * 1000)

it.each([
  [4, { acked: 5, ackedAt: before(60) }, true],
  [0, { acked: 5, ackedAt: before(3600) }, true],
  // Two acknowledgements under way at once.
  [4, { acked: 5, ackedAt: before(59) }, false],
  // Sent again after a lost reply.
  [5, { acked: 5, ackedAt: before(3600) }, false],
  [0, { acked: 0, ackedAt: null }, false],
])('an acknowledgement up to %i of %j goes back: %s', (upTo, known, back) => {
  expect(goesBack(upTo, known, now)).toBe(back)
})

test('what is very late is not told as late again', () => {
  expect(remindersOf({ late: 7, veryLate: 2 })).toEqual([
    { kind: 'late', orders: 5 },
    { kind: 'very_late', orders: 2 },
  ])
  expect(remindersOf({ late: 2, veryLate: 2 })).toEqual([{ kind: 'very_late', orders: 2 }])
  expect(remindersOf({ late: 0, veryLate: 0 })).toEqual([])
})

test('reminders go out by day, and count for the city’s', () => {
  const at = (text: string) => new Date(`2026-11-24T${text}+07:00`)
  expect(['07:59', '08:00', '19:59', '20:00', '00:30'].map((time) => isReminderTime(at(time)))).toEqual([
    false,
    true,
    true,
    false,
    false,
  ])
  expect(reminderDay(at('06:00')).toISOString().slice(0, 10)).toBe('2026-11-24')
})
