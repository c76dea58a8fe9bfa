import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DAY, HOUR } from '#lib/time.ts'
import { HOLIDAYS } from './holidays-rules.ts'
import {
  appealUntil,
  carrierDue,
  decisionDue,
  draftExpiry,
  firstActionDue,
  holdExpiry,
  holdRequestLapse,
  infoExpiry,
  isWorkingDay,
  receiptUntil,
  renewedHoldExpiry,
  withdrawalEffective,
} from './rules.ts'

const holidays = new Set(HOLIDAYS.map(({ date }) => date))
const local = (text: string) => new Date(`${text}+07:00`)

describe('holdExpiry', () => {
  it.each([
    ['a Monday morning', '2026-12-07T09:00', '2026-12-10T17:00'],
    ['a Friday evening', '2026-12-04T16:59', '2026-12-09T17:00'],
    ['a minute to midnight on 31 December', '2026-12-31T23:59', '2027-01-06T17:00'],
    ['the eve of Tết: ten days at most', '2027-02-03T09:00', '2027-02-13T09:00'],
  ])('is when the decision is due, from %s', (_, at, until) => {
    expect(holdExpiry(local(at), decisionDue(local(at), holidays))).toEqual(local(until))
  })

  it('lasts 72 hours at least, also where the decision is late', () => {
    expect(holdExpiry(local('2026-12-10T16:00'), local('2026-12-10T17:00'))).toEqual(
      local('2026-12-13T16:00'),
    )
    expect(holdExpiry(local('2026-12-30T16:00'), local('2026-12-10T17:00'))).toEqual(
      local('2027-01-02T16:00'),
    )
  })
})

describe('renewedHoldExpiry', () => {
  const renewed = (holdSince: string | null, holdUntil: string, due: string) =>
    renewedHoldExpiry(
      { holdSince: holdSince === null ? null : local(holdSince), holdUntil: local(holdUntil) },
      local(due),
    )

  it.each([
    [
      'to the day of the decision',
      '2026-12-07T09:00',
      '2026-12-10T17:00',
      '2026-12-15T17:00',
      '2026-12-15T17:00',
    ],
    [
      '72 hours, where that is late',
      '2026-12-07T09:00',
      '2026-12-10T17:00',
      '2026-12-10T17:00',
      '2026-12-13T17:00',
    ],
    ['ten days more at most', '2026-12-07T09:00', '2026-12-10T17:00', '2027-01-10T17:00', '2026-12-20T17:00'],
    [
      'over Tết, twenty days in all',
      '2027-02-03T09:00',
      '2027-02-13T09:00',
      '2027-03-01T17:00',
      '2027-02-23T09:00',
    ],
    [
      'twenty in all, where a conflict kept it',
      '2026-12-01T09:00',
      '2026-12-16T09:00',
      '2027-01-10T17:00',
      '2026-12-21T09:00',
    ],
    [
      'of a block whose beginning is not known',
      null,
      '2026-12-10T17:00',
      '2027-01-10T17:00',
      '2026-12-20T17:00',
    ],
  ])('lasts %s', (_, since, until, due, end) => {
    expect(renewed(since, until, due)).toEqual(local(end))
  })
})

describe('holdRequestLapse', () => {
  it('is a day after a request that is due in four hours', () => {
    expect(holdRequestLapse(local('2026-12-07T13:00'))).toEqual(local('2026-12-08T09:00'))
  })
})

describe('decisionDue', () => {
  it.each([
    ['an ordinary Monday', '2026-06-15T09:00', '2026-06-18T17:00'],
    ['the first minute of a day', '2026-06-15T00:00', '2026-06-18T17:00'],
    ['the last minute of a day', '2026-06-15T23:59', '2026-06-18T17:00'],
    ['over a weekend', '2026-06-18T10:00', '2026-06-23T17:00'],
    ['a Saturday', '2026-06-20T10:00', '2026-06-24T17:00'],
    ['a Sunday night', '2026-06-21T23:59', '2026-06-24T17:00'],
    ['the last Friday before Tết 2026', '2026-02-13T10:00', '2026-02-25T17:00'],
    ['within Tết 2026', '2026-02-18T10:00', '2026-02-25T17:00'],
    ['over 30 April and 1 May', '2026-04-29T10:00', '2026-05-06T17:00'],
    ['over the kings’ day made up', '2026-04-24T10:00', '2026-05-04T17:00'],
    ['over new year', '2026-12-31T10:00', '2027-01-06T17:00'],
    ['over Tết 2027', '2027-02-03T10:00', '2027-02-15T17:00'],
  ])('from %s', (_, submitted, due) => {
    expect(decisionDue(local(submitted), holidays)).toEqual(local(due))
  })

  it('counts by the city’s days, not UTC’s', () => {
    expect(decisionDue(new Date('2026-06-14T16:59:59Z'), holidays)).toEqual(local('2026-06-17T17:00'))
    expect(decisionDue(new Date('2026-06-14T17:00:00Z'), holidays)).toEqual(local('2026-06-18T17:00'))
  })

  it('leaves exactly three working days, the last one whole', () => {
    const instants = fc.date({
      min: local('2026-01-01T00:00'),
      max: local('2027-12-20T00:00'),
      noInvalidDate: true,
    })
    fc.assert(
      fc.property(instants, (submitted) => {
        const due = decisionDue(submitted, holidays)
        expect(isWorkingDay(due, holidays)).toBe(true)
        let worked = 0
        for (let day = due.getTime(); day - 17 * HOUR > submitted.getTime(); day -= DAY)
          if (isWorkingDay(new Date(day), holidays)) worked++
        expect(worked).toBe(3)
      }),
    )
  })
})

describe('the plain clocks', () => {
  const at = local('2026-02-10T08:30')
  it.each([
    ['firstActionDue', firstActionDue(at), '2026-02-11T08:30'],
    ['carrierDue', carrierDue(at), '2026-02-11T08:30'],
    ['infoExpiry', infoExpiry(at), '2026-02-25T08:30'],
    ['withdrawalEffective', withdrawalEffective(at), '2026-02-11T08:30'],
    ['appealUntil', appealUntil(at), '2026-03-12T08:30'],
    ['draftExpiry', draftExpiry(at, 7), '2026-02-17T08:30'],
    ['receiptUntil', receiptUntil(at), '2026-02-11T08:30'],
  ])('%s', (_, due, expected) => {
    expect(due).toEqual(local(expected))
  })
})
