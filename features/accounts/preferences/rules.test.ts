import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DAY } from '#lib/time.ts'
import { choicesFor, defaultMailChoice, sentAt } from './rules.ts'

const at = (local: string) => new Date(`2026-11-24T${local}:00+07:00`)

test('a mail of the quiet hours is sent when they end, over midnight too', () => {
  const night = { quietFrom: 22, quietUntil: 6 }
  expect(sentAt(night, at('21:59'))).toEqual(at('21:59'))
  expect(sentAt(night, at('22:00'))).toEqual(new Date('2026-11-25T06:00:00+07:00'))
  expect(sentAt(night, at('03:30'))).toEqual(at('06:00'))
  expect(sentAt(night, at('06:00'))).toEqual(at('06:00'))
  expect(sentAt({ quietFrom: 12, quietUntil: 14 }, at('13:10'))).toEqual(at('14:00'))
  expect(sentAt({ quietFrom: null, quietUntil: null }, at('03:00'))).toEqual(at('03:00'))
})

test('a mail waits less than a day, and is never sent in the quiet hours', () => {
  const hour = fc.integer({ min: 0, max: 23 })
  const moment = fc.date({ min: new Date('2026-01-01'), max: new Date('2027-01-01'), noInvalidDate: true })
  fc.assert(
    fc.property(hour, hour, moment, (quietFrom, quietUntil, now) => {
      const quiet = { quietFrom, quietUntil }
      const sent = sentAt(quiet, now)
      expect(sent.getTime() - now.getTime()).toBeGreaterThanOrEqual(0)
      expect(sent.getTime() - now.getTime()).toBeLessThan(DAY)
      expect(sentAt(quiet, sent)).toEqual(sent)
    }),
  )
})

test('blocks to confirm and cases given are told at once unless a person chooses otherwise', () => {
  expect(['to_confirm', 'given', 'sent_back', 'due', 'release'].map(defaultMailChoice)).toEqual([
    'at_once',
    'at_once',
    'morning',
    'morning',
    'never',
  ])
  expect(choicesFor('due')).toEqual(['morning', 'never'])
})
