import { expect, test } from 'vitest'
import { readAuditQuery } from './query.ts'

test('what an address asks for of the log is read, and kept for the next page', () => {
  const { filter, asked } = readAuditQuery({ actor: 'viettel', act: 'case.approve', day: '2026-11-24' })
  expect(filter).toEqual({
    actorId: 'viettel',
    act: 'case.approve',
    between: [new Date('2026-11-23T17:00:00Z'), new Date('2026-11-24T17:00:00Z')],
  })
  expect(asked).toEqual({ actor: 'viettel', act: 'case.approve', day: '2026-11-24' })
})

test('days are read as a period, with either end open, and a person’s name is no part of what is kept', () => {
  const period = readAuditQuery({ from: '2026-11-24', to: '2026-11-25', person: ' Lan ' })
  expect(period.filter).toEqual({
    between: [new Date('2026-11-23T17:00:00Z'), new Date('2026-11-25T17:00:00Z')],
  })
  expect(period).toMatchObject({ person: ' Lan ', asked: { from: '2026-11-24', to: '2026-11-25' } })
  expect(period.asked).not.toHaveProperty('person')
  expect(readAuditQuery({ day: '2026-11-24' }).days).toEqual({ from: '2026-11-24', to: '2026-11-24' })
  const [since, until] = [{ from: '2026-11-24' }, { to: '2026-11-24' }].map(
    (days) => readAuditQuery(days).filter,
  )
  expect(since?.between?.[0]).toEqual(new Date('2026-11-23T17:00:00Z'))
  expect(since?.between?.[1].getTime()).toBeGreaterThan(Date.parse('9000-01-01'))
  expect(until?.between?.[1]).toEqual(new Date('2026-11-24T17:00:00Z'))
})

test('a day is read as people write it, and what is none is shown again', () => {
  const written = readAuditQuery({ from: '24/11/2026', to: '31/02/2026' })
  expect(written.days).toEqual({ from: '2026-11-24', to: undefined })
  expect(written.asked).toEqual({ from: '2026-11-24' })
  expect(written.wrong).toEqual({ to: '31/02/2026' })
  expect(readAuditQuery({ from: ' ' }).wrong).toEqual({})
})

test.each([
  { kind: 'case' },
  { act: '' },
  { act: ['case.approve', 'case.reject'] },
  { actor: 'x'.repeat(101) },
  { day: '0001-01-01' },
  { day: '1999-12-31' },
  { day: '2026-02-30' },
  { day: 'hôm qua' },
  { from: '2026-13-01', to: '1999-01-01' },
  { below: '1-x', alerts: '1' },
])('what makes no sense to the database asks for nothing: %j', (query) => {
  expect(readAuditQuery(query)).toMatchObject({ filter: {}, below: null, alerts: null })
  expect(Object.keys(readAuditQuery(query).filter)).toEqual([])
})
