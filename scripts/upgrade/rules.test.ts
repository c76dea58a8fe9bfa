import { expect, test } from 'vitest'
import { archiveOf, readSums, refuseStep } from './rules.ts'

const at = (version: string, commit = version) => ({ version, commit })
const to = (version: string, stops: readonly string[] = [], commit = version) => ({
  ...at(version, commit),
  platform: 'linux-x64',
  stops,
})

test.each([
  ['the next', at('1.0.0'), to('1.1.0'), null],
  ['a later one without stops between', at('1.0.0'), to('3.0.0'), null],
  ['a stop itself', at('1.0.0'), to('1.2.0', ['1.2.0']), null],
  ['after a stop', at('1.2.0'), to('1.4.0', ['1.2.0']), null],
  ['an older one', at('1.10.0'), to('1.9.9'), '1.9.9 is older than 1.10.0'],
  ['the same', at('1.0.0'), to('1.0.0'), '1.0.0 is what runs here'],
  ['another of the same name', at('1.0.0', 'a'), to('1.0.0', [], 'b'), 'two releases call themselves 1.0.0'],
  ['past a stop', at('1.0.0'), to('1.4.0', ['1.2.0', '1.3.0']), '1.2.0 may not be skipped'],
  ['past the second stop', at('1.2.0'), to('1.4.0', ['1.2.0', '1.3.0']), '1.3.0 may not be skipped'],
])('%s', (_, from, release, refused) => {
  const said = refuseStep(from, release, 'linux-x64')
  if (refused === null) expect(said).toBeNull()
  else expect(said).toContain(refused)
})

test('a release for another system', () => {
  expect(refuseStep(at('1.0.0'), to('1.1.0'), 'linux-arm64')).toContain('for linux-x64')
  expect(archiveOf(to('1.1.0'))).toBe('an-tam-1.1.0-linux-x64.tar.gz')
})

test('checksums are read as sha256sum writes them', () => {
  const sum = 'a'.repeat(64)
  expect([...readSums(`${sum}  one.tar.gz\nnonsense\n${sum.slice(1)}  two\n`)]).toEqual([['one.tar.gz', sum]])
})
