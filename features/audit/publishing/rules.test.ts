import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  fullTiles,
  isWhole,
  partialTiles,
  readBundle,
  readTilePath,
  type Tile,
  tilePath,
  WIDTH,
  writeBundle,
  writePolicy,
} from './rules.ts'

test('paths are those of the standard, and no other path is a tile', () => {
  expect(tilePath({ level: 0, index: 1_234_067, width: WIDTH })).toBe('tile/0/x001/x234/067')
  expect(tilePath({ level: 'entries', index: 0, width: 3 })).toBe('tile/entries/000.p/3')
  expect(tilePath({ level: 2, index: 1000, width: WIDTH })).toBe('tile/2/x001/000')
  const tile = fc.record<Tile>({
    level: fc.oneof(fc.constant('entries' as const), fc.integer({ min: 0, max: 63 })),
    index: fc.nat(999_999_999_999),
    width: fc.integer({ min: 1, max: WIDTH }),
  })
  fc.assert(
    fc.property(tile, (one) => {
      expect(readTilePath(tilePath(one))).toEqual(one)
    }),
  )
  for (const path of [
    'tile/0/1',
    'tile/00/001',
    'tile/0/001.p/256',
    'tile/0/001.p/0',
    'tile/0/x000/001',
    'checkpoint',
  ])
    expect(readTilePath(path), path).toBeNull()
})

test('a log of 70,000 entries has the tiles that the standard counts', () => {
  const full = Array.from({ length: Math.floor(70_000 / WIDTH) }, (_, index) => fullTiles(index)).flat()
  const count = (level: Tile['level']) => full.filter((tile) => tile.level === level).length
  expect([count(0), count('entries'), count(1), count(2)]).toEqual([273, 273, 1, 0])
  expect(partialTiles(70_000)).toEqual([
    { level: 0, index: 273, width: 112 },
    { level: 'entries', index: 273, width: 112 },
    { level: 1, index: 1, width: 17 },
    { level: 2, index: 0, width: 1 },
  ])
  expect(partialTiles(256), 'no empty tile').toEqual([{ level: 1, index: 0, width: 1 }])
  expect(fullTiles(255).at(-1), 'what says that the others are there comes last').toMatchObject({ level: 0 })
})

test('a bundle comes back as it was written, and is known when it was cut', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 400 }), { minLength: 1, maxLength: 20 }), (entries) => {
      const bundle = writeBundle(entries)
      const tile = { level: 'entries', index: 0, width: entries.length } as const
      expect(readBundle(bundle)).toEqual(entries.map((one) => new Uint8Array(one)))
      expect(isWhole(tile, bundle)).toBe(true)
      for (let cut = 1; cut < Math.min(bundle.length, 50); cut++)
        expect(isWhole(tile, bundle.subarray(0, bundle.length - cut))).toBe(false)
    }),
  )
  expect(() => writeBundle([new Uint8Array(70_000)])).toThrow(RangeError)
})

test('a year’s policy names logs, witnesses and quorum', () => {
  const two = ['a', 'b'].map((name) => ({ name, line: `${name}+00000000+BA==` }))
  expect(
    writePolicy(2026, ['log+1', 'before+2'], two, { quorum: 2, url: 'https://x/log' }).split('\n'),
  ).toEqual([
    '# The audit log of An Tam, as it is trusted in 2026.',
    'log log+1 https://x/log',
    'log before+2',
    'witness a a+00000000+BA==',
    'witness b b+00000000+BA==',
    'group witnesses 2 a b',
    'quorum witnesses',
    '',
  ])
  expect(writePolicy(2026, ['log+1'], [], { quorum: 0, url: null })).toContain('\nquorum none\n')
  expect(writePolicy(2026, ['log+1'], two, { quorum: 1, url: null, demo: true })).toContain('\n# demo: ')
})
