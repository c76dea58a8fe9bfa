import { describe, expect, test } from 'vitest'
import { addMilliseconds, DAY } from '#lib/time.ts'
import {
  carriersToConfirm,
  endsOf,
  isAsked,
  lapsesAt,
  NOTHING_GIVEN,
  nameOf,
  paperAgainst,
  type RegistrationLine,
  readRegistration,
  shownState,
} from './rules.ts'

const now = new Date('2026-12-01T03:00:00Z')
const IMEI = '490154203237518'

describe('the form of a phone', () => {
  test('takes a number alone, or two with a name, and keeps E.164', () => {
    expect(readRegistration({ imei1: IMEI }, now).value).toMatchObject({
      imeis: [{ imei: IMEI }],
      content: { msisdn: null, name: '' },
      person: null,
    })
    const typed = { imei1: IMEI, phoneNumber1: '0901 234 567', phoneName: ' máy của mẹ ' }
    expect(readRegistration(typed, now).value?.content).toMatchObject({
      msisdn: '+84901234567',
      name: 'máy của mẹ',
    })
  })

  test('asks the whole person where any of them is given, and names each fault', () => {
    expect(readRegistration({ imei1: '', fullName: 'Ánh' }, now).faults).toMatchObject({
      imei1: 'check.empty',
      idKind: expect.any(String),
      nationalId: expect.any(String),
    })
    expect(readRegistration({ imei1: IMEI, phoneName: 'x'.repeat(61) }, now).faults).toEqual({
      phoneName: 'phones.too_long',
    })
  })
})

test('a phone is called by its name, else by the table, and shows four digits of each number', () => {
  const device = { manufacturer: 'Samsung Electronics', model: 'Galaxy A54' }
  expect(nameOf({ name: '', device })).toBe('Samsung Galaxy A54')
  expect(nameOf({ name: 'máy của mẹ', device })).toBe('máy của mẹ')
  expect(nameOf(NOTHING_GIVEN)).toBe('')
  expect(endsOf({ imeis: [IMEI] })).toEqual(['7518'])
})

test('it is asked about from a year on, and lapses after two', () => {
  const kept = { keptAt: now, askedAt: null }
  expect(isAsked(kept, addMilliseconds(now, 364 * DAY))).toBe(false)
  expect(isAsked(kept, addMilliseconds(now, 365 * DAY))).toBe(true)
  expect(lapsesAt(kept)).toEqual(addMilliseconds(now, 730 * DAY))
})

test('a report stands before a carrier’s word, and an end before both', () => {
  const of = (state: 'registered' | 'handed_over' | 'lapsed', reported: boolean, confirmed: boolean) =>
    shownState({ state, reported, confirmed })
  expect(of('registered', false, false)).toBe('registered')
  expect(of('registered', false, true)).toBe('confirmed')
  expect(of('registered', true, true)).toBe('reported')
  expect(of('handed_over', true, true)).toBe('handed_over')
  expect(of('lapsed', false, true)).toBe('lapsed')
})

test('the carrier of the prefix is asked first, the others once it has not said yes, and none beside one that is asked', () => {
  const all = ['viettel', 'vinaphone', 'mobifone']
  const asked = (carrierId: string, answer: string | null, open = answer === null) => ({
    ...{ carrierId, answer, open },
  })
  expect(carriersToConfirm([], 'vinaphone', all)).toEqual(['vinaphone'])
  expect(carriersToConfirm([], null, all)).toEqual(all)
  expect(carriersToConfirm([], 'gone', all)).toEqual(all)
  expect(carriersToConfirm([asked('vinaphone', null)], 'vinaphone', all)).toEqual([])
  expect(carriersToConfirm([asked('vinaphone', 'no')], 'vinaphone', all)).toEqual(['viettel', 'mobifone'])
  expect(carriersToConfirm([asked('vinaphone', 'yes')], 'vinaphone', all)).toEqual([])
})

describe('the paper that speaks against a report', () => {
  const line = (own: boolean, side: 'gave' | 'got', hours: number): RegistrationLine => ({
    ...{ registeredAt: addMilliseconds(now, -DAY), own, afterReport: false, confirmed: null },
    ...{ state: 'registered', contested: null },
    papers: [{ number: `BG-${side}`, at: addMilliseconds(now, hours * 3_600_000), side }],
  })

  test('is the giver’s own, or the one of who got it where the giver’s list is gone or is not theirs', () => {
    const [gave, got] = [line(true, 'gave', -1), line(false, 'got', -1)]
    expect(paperAgainst([got, gave], now)).toMatchObject({ own: true, side: 'gave' })
    expect(paperAgainst([got], now)).toMatchObject({ own: false, side: 'got' })
  })

  test('is none of the buyer’s own, of what came after the report, and of phones that nobody handed over', () => {
    const buyers = [line(true, 'got', -1), line(false, 'gave', -1)]
    for (const lines of [buyers, [line(true, 'gave', 1), line(false, 'got', 1)], []])
      expect(paperAgainst(lines, now)).toBeNull()
  })
})
