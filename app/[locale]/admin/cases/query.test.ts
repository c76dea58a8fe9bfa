import { expect, test } from 'vitest'
import { queryOf, readQuery, toRoute } from './query.ts'

const areas = [{ id: 'quan-3' }]
const id = '0a1b2c3d-0000-4000-8000-000000000001'

test('a page that follows a row is found again by its address', () => {
  const filter = { state: 'verified', who: 'mine', unitId: 'quan-3', conflicts: true } as const
  const key = { actBy: new Date('2026-11-24T03:00:00Z'), id }
  const route = toRoute(queryOf(filter), 'after', key)
  const sent = typeof route === 'string' ? {} : (route.query ?? {})
  expect(readQuery(sent, areas)).toEqual({ filter, from: { key, direction: 'after' }, found: null })
})

test.each([
  { state: 'draft', who: 'god', area: 'quan-99', view: 'x', after: 'y', before: "1-'; DROP" },
  { state: ['verified'], after: `${'9'.repeat(20)}-${id}` },
  {},
])('an address nobody made is the plain queue: %j', (sent) => {
  expect(readQuery(sent, areas)).toEqual({
    filter: { state: null, who: 'everybody', unitId: null, conflicts: false },
    from: null,
    found: null,
  })
})
