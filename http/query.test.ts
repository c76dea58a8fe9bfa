import { expect, test } from 'vitest'
import { changesQuerySchema } from '#features/exchange/interface/rules.ts'
import { queryOf } from './query.ts'

const asked = (query: string) =>
  changesQuerySchema.safeParse(queryOf(new Request(`http://x/api/carrier/v1/changes${query}`)))

test('a parameter that is given twice is refused, whichever of the two was meant', () => {
  for (const query of ['?after=0&after=5', '?after=5&after=5', '?limit=1&wait=0&limit=']) {
    expect(asked(query).error?.issues[0]?.message, query).toBe('must be given once')
  }
})

test('parameters are read, and those that nobody knows left aside', () => {
  expect(asked('?after=7&limit=2&__proto__=1&x=1&x=2').data).toEqual({
    after: 7,
    limit: 2,
    wait: 0,
    version: 1,
    known: 0,
  })
  expect(asked('?version=2').data).toMatchObject({ version: 2 })
  expect(asked('').data).toEqual({ after: 0, limit: 100, wait: 0, version: 1, known: 0 })
})
