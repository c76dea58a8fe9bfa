import fc from 'fast-check'
import { expect, test } from 'vitest'
import { runs } from '#tests/runs.ts'
import { type GivenKey, judgeKeys, KEY_NAMES, type KeyName, type KnownKey, type NewKey } from './rules.ts'

/** In this test a key is a number; its check value consists of the name and the number. */
const print = (name: KeyName, key: number): Uint8Array => Uint8Array.of(KEY_NAMES.indexOf(name), key)
const prints = (key: number) =>
  Object.fromEntries(KEY_NAMES.map((name) => [name, print(name, key)])) as GivenKey['fingerprints']

const versioned = (name: KeyName, main: [number, number], also?: [number, number]): GivenKey[] => [
  { name, variable: name, version: main[0], writes: true, fingerprints: prints(main[1]) },
  ...(also
    ? [{ name, variable: `${name}_ALSO`, version: also[0], writes: false, fingerprints: prints(also[1]) }]
    : []),
]
const single = (name: KeyName, key: number): GivenKey => ({
  name,
  variable: name,
  version: null,
  writes: true,
  fingerprints: prints(key),
})

/** Returns the known keys after learning `news`, as learnKey does. */
function learned(known: readonly KnownKey[], news: readonly NewKey[]): KnownKey[] {
  const kept = known.map((row) =>
    news.some((key) => key.used && key.name === row.name && key.version === row.version && !row.retired)
      ? { ...row, used: true }
      : row,
  )
  const added = news.filter(
    (key) => !known.some((row) => row.name === key.name && row.version === key.version && !row.retired),
  )
  return [...kept, ...added.map((key) => ({ ...key, retired: false }))]
}
const afterRotation = (known: readonly KnownKey[], name: KeyName, version: number): KnownKey[] =>
  known.map((row) =>
    row.name === name && row.used && row.version !== version ? { ...row, retired: true } : row,
  )

const ALL = (wrap: GivenKey[], index: GivenKey[], hash: GivenKey): GivenKey[] => [...wrap, ...index, hash]
const START = ALL(
  versioned('ANTAM_KEY', [1, 10]),
  versioned('ANTAM_INDEX_KEY', [1, 20]),
  single('ANTAM_HASH_KEY', 30),
)
const known = learned([], judgeKeys(START, []).news)
const faults = (given: GivenKey[], rows = known) => judgeKeys(given, rows).faults

test('a database that knows no keys learns them; the same keys again are right, and nothing new', () => {
  expect(judgeKeys(START, []).faults).toEqual([])
  expect(judgeKeys(START, known)).toEqual({ faults: [], news: [] })
})

test('another key under the same version is told by its variable and version', () => {
  const given = ALL(
    versioned('ANTAM_KEY', [1, 11]),
    versioned('ANTAM_INDEX_KEY', [1, 20]),
    single('ANTAM_HASH_KEY', 30),
  )
  expect(faults(given)).toEqual(['ANTAM_KEY: is not version 1 of ANTAM_KEY of this database'])
})

test('keys that were exchanged are told as what they are', () => {
  const given = ALL(
    versioned('ANTAM_KEY', [1, 10]),
    versioned('ANTAM_INDEX_KEY', [1, 30]),
    single('ANTAM_HASH_KEY', 20),
  )
  expect(faults(given)).toEqual([
    'ANTAM_INDEX_KEY: is not version 1 of ANTAM_INDEX_KEY of this database (it is ANTAM_HASH_KEY)',
    'ANTAM_HASH_KEY: is not ANTAM_HASH_KEY of this database (it is version 1 of ANTAM_INDEX_KEY)',
  ])
})

test('a rotation step by step: no step is refused, and each way of leaving it half done is', () => {
  const [index, hash] = [versioned('ANTAM_INDEX_KEY', [1, 20]), single('ANTAM_HASH_KEY', 30)]
  const one = ALL(versioned('ANTAM_KEY', [1, 10], [2, 12]), index, hash)
  const first = judgeKeys(one, known)
  expect(first.faults).toEqual([])
  const rows = learned(known, first.news)
  // While the new key writes nothing, a process without it is still right.
  expect(faults(START, rows)).toEqual([])

  const two = ALL(versioned('ANTAM_KEY', [2, 12], [1, 10]), index, hash)
  const second = judgeKeys(two, rows)
  expect(second.faults).toEqual([])
  const written = learned(rows, second.news)
  expect(faults(one, written)).toEqual([])
  expect(faults(START, written)).toEqual([
    'ANTAM_KEY: version 2 is in use in this database and is not given (ANTAM_KEY or ANTAM_KEY_ALSO)',
  ])
  // The old key is removed before everything is under the new one.
  const alone = ALL(versioned('ANTAM_KEY', [2, 12]), index, hash)
  expect(faults(alone, written)[0]).toContain('version 1 is in use')

  const done = afterRotation(written, 'ANTAM_KEY', 2)
  expect(faults(alone, done)).toEqual([])
  expect(faults(two, done)).toEqual([])
  // A process starts with only the old key, after the rotation.
  expect(faults(START, done)).toEqual([
    'ANTAM_KEY: version 1 was replaced; nothing may be written under it',
    'ANTAM_KEY: version 2 is in use in this database and is not given (ANTAM_KEY or ANTAM_KEY_ALSO)',
  ])
  expect(faults(one, done)).toEqual(['ANTAM_KEY: version 1 was replaced; nothing may be written under it'])
  // The new version with the old key's bytes.
  expect(faults(ALL(versioned('ANTAM_KEY', [2, 10]), index, hash), done)).toEqual([
    'ANTAM_KEY: is not version 2 of ANTAM_KEY of this database (it is version 1 of ANTAM_KEY)',
  ])
})

test('no set of keys but those in force is taken, even where one is exchanged, changed or left out', () => {
  const key = fc.constantFrom(10, 12, 20, 30, 99)
  const version = fc.constantFrom(1, 2)
  const rows: KnownKey[] = [
    ...known,
    { name: 'ANTAM_KEY', version: 2, fingerprint: print('ANTAM_KEY', 12), used: true, retired: false },
  ]
  fc.assert(
    fc.property(key, version, key, version, key, key, (a, av, b, bv, index, hash) => {
      fc.pre(av !== bv)
      const given = ALL(
        versioned('ANTAM_KEY', [av, a], [bv, b]),
        versioned('ANTAM_INDEX_KEY', [1, index]),
        single('ANTAM_HASH_KEY', hash),
      )
      const right = (av === 1 ? a === 10 && b === 12 : a === 12 && b === 10) && index === 20 && hash === 30
      expect(faults(given, rows).length === 0).toBe(right)
    }),
    { numRuns: runs(2_000) },
  )
})
