import fc from 'fast-check'
import { expect, test } from 'vitest'
import { judgeStore, type Pair, sayStoreFault } from './store.ts'

const FRESH: Pair = { database: 'a', joined: false, evidence: false, store: null, files: 'none' }
const judged = (pair: Partial<Pair>) => judgeStore({ ...FRESH, ...pair })

test('each pair that does not belong together has a fault of its own', () => {
  expect(judged({})).toBe('join')
  expect(judged({ store: 'a' })).toBe('joined')
  expect(judged({ store: 'b', joined: true, evidence: true, files: 'known' })).toBe('other')
  expect(judged({ evidence: true })).toBe('empty_store')
  expect(judged({ joined: true })).toBe('empty_store')
  expect(judged({ files: 'strange' })).toBe('empty_database')
  expect(judged({ files: 'strange', evidence: true })).toBe('strange_files')
  expect(judged({ files: 'known', evidence: true, joined: true })).toBe('mark_lost')
})

test('what was there before there were marks is joined once, by the files that the database knows', () => {
  expect(judged({ files: 'known', evidence: true })).toBe('join')
  expect(judged({ files: 'known' })).toBe('join')
})

test('a store that is marked is taken by its own database alone; each fault says what to do', () => {
  const id = fc.constantFrom('a', 'b')
  const pairs = fc.record({
    database: id,
    joined: fc.boolean(),
    evidence: fc.boolean(),
    store: fc.option(id),
    files: fc.constantFrom('none' as const, 'known' as const, 'strange' as const),
  })
  fc.assert(
    fc.property(pairs, (pair) => {
      const verdict = judgeStore(pair)
      if (pair.store !== null) expect(verdict === 'joined').toBe(pair.store === pair.database)
      if (verdict === 'joined' || verdict === 'join') return
      expect(sayStoreFault(verdict, pair, '/data/evidence')).toMatch(/^Storage: .*npm run storage -- join/)
    }),
  )
})
