import { expect, test } from 'vitest'
import { type QueueFilter, WHOLE_QUEUE, writeQueueFilter } from '#features/cases/queue/rules.ts'
import { besideHref, pageQuery, readCasesQuery, toRoute } from './query.ts'

const units = [{ id: 'quan-3' }]
const id = '0a1b2c3d-0000-4000-8000-000000000001'
const key = { at: new Date('2026-11-24T03:00:00Z'), id }
const filter: QueueFilter = {
  view: 'nobody',
  sort: 'received',
  state: null,
  kind: 'robbed',
  proof: 'no',
  flag: 'tac',
  unitId: 'quan-3',
}

test('a page that follows a row is found again by its address', () => {
  const route = toRoute({ filter, kept: id }, 'after', key, 50)
  const sent = typeof route === 'string' ? {} : (route.query ?? {})
  const from = { key, direction: 'after', skipped: 50 }
  const read = { filter, unknown: [], from, found: null, kept: id, beside: null }
  expect(readCasesQuery(sent, units)).toEqual(read)
  const back = new URLSearchParams(pageQuery(readCasesQuery(sent, units)))
  expect(readCasesQuery(Object.fromEntries(back), units)).toEqual(read)
})

test.each([
  [
    { state: 'draft', who: 'god', area: 'quan-99', view: 'x', after: 'y', before: "1-'; DROP" },
    ['view', 'state', 'area'],
  ],
  [
    { kind: 'abducted', proof: 'maybe', flag: 'hold; --', sort: 'age', at: '-1' },
    ['sort', 'kind', 'proof', 'flag'],
  ],
  [{ state: ['verified'], after: `${'9'.repeat(20)}-${id}`, kept: 'mine' }, []],
  [{ view: '', kind: '', proof: '', flag: '', state: '', area: '', sort: '' }, []],
  [{}, []],
])('an address nobody made is the plain queue, and says what it left out: %j', (sent, unknown) => {
  expect(readCasesQuery(sent, units)).toEqual({
    filter: WHOLE_QUEUE,
    unknown,
    from: null,
    found: null,
    kept: null,
    beside: null,
  })
})

test('a case is put beside the list, and beside what was searched for', () => {
  const [listed, searched] = [
    readCasesQuery({ view: 'mine', case: 'x y' }, units),
    readCasesQuery({ found: 'a.b' }, units),
  ]
  expect(listed.beside).toBeNull()
  const number = 'HCM-7K3Q-9XWD-4'
  const shown = new URL(besideHref('vi', listed, number), 'https://an-tam.example')
  expect([shown.pathname, shown.hash]).toEqual(['/quan-tri/ho-so', `#${number}`])
  expect(readCasesQuery(Object.fromEntries(shown.searchParams), units)).toMatchObject({
    filter: { view: 'mine' },
    beside: number,
  })
  expect(besideHref('en', searched, number)).toBe(`/en/admin/cases?found=a.b&case=${number}#${number}`)
})

test('an older address names whose cases as `who`', () => {
  expect(readCasesQuery({ who: 'mine' }, units).filter).toEqual({ ...WHOLE_QUEUE, view: 'mine' })
})

test.each([
  [
    'a clock stands in its own order',
    { view: 'overdue', sort: 'happened' },
    { view: 'overdue', sort: 'due' },
  ],
  [
    'a state has the whole of its cases',
    { view: 'approve', state: 'blocked' },
    { view: 'all', state: 'blocked' },
  ],
  ['and one order', { view: 'mine', state: 'blocked', sort: 'received' }, { view: 'mine', state: 'blocked' }],
] as const)('%s', (_, sent, read) => {
  expect(writeQueueFilter(readCasesQuery(sent, units).filter)).toEqual(
    writeQueueFilter({ ...WHOLE_QUEUE, ...read }),
  )
})
