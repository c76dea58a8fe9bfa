import { expect, test } from 'vitest'
import { readQuery } from './query.ts'

test('what an address asks for of the log is read, and kept for the next page', () => {
  const { filter, asked } = readQuery({ actor: 'viettel', act: 'case.approve', day: '2026-11-24' })
  expect(filter).toEqual({
    actorId: 'viettel',
    act: 'case.approve',
    between: [new Date('2026-11-23T17:00:00Z'), new Date('2026-11-24T17:00:00Z')],
  })
  expect(asked).toEqual({ actor: 'viettel', act: 'case.approve', day: '2026-11-24' })
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
  { below: '1-x', alerts: '1' },
])('what makes no sense to the database asks for nothing: %j', (query) => {
  expect(readQuery(query)).toMatchObject({ filter: {}, below: null, alerts: null })
  expect(Object.keys(readQuery(query).filter)).toEqual([])
})
