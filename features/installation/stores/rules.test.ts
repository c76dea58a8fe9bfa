import fc from 'fast-check'
import { expect, test } from 'vitest'
import { judgeStore, type Pair, sayNotReady, sayStoreFault } from './rules.ts'

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

test('an empty store beside one that is this database’s is where its files go', () => {
  expect(judged({ joined: true, evidence: true, beside: true })).toBe('join')
  expect(judged({ joined: true, files: 'strange', beside: true })).toBe('mark_lost')
  expect(judged({ joined: true, store: 'b', beside: true })).toBe('other')
})

test('files are moved while every process writes to the new store and reads the old one', () => {
  const of = (...stores: string[]) => ({ kind: 'web', version: '1.0.0', startedAt: new Date(0), stores })
  const said = (...stores: string[]) =>
    sayNotReady([of('s3://new/', 'file'), of(...stores)], 'file', 's3://new/')
  expect(said('s3://new/', 'file')).toEqual([])
  expect(said('file', 's3://new/')).toEqual([expect.stringContaining('writes to file')])
  expect(said('s3://new/')).toEqual([expect.stringContaining('does not read file')])
  expect(said()).toEqual([expect.stringContaining('bring it to this version')])
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
