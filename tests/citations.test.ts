import { readdirSync, readFileSync, statSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { deadCitations, deadNames, projectOf } from './citations.ts'

const NOT_OURS = new Set([
  '.git',
  '.next',
  '.data',
  'node_modules',
  'generated',
  'test-results',
  'next-env.d.ts',
])
const TEXT = /\.(tsx?|mjs|js|md|sql|prisma|css|ya?ml|sh)$|^package\.json$/

const paths = readdirSync('.')
  .filter((name) => !NOT_OURS.has(name))
  .flatMap((name) =>
    statSync(name).isDirectory()
      ? [name, ...readdirSync(name, { recursive: true, encoding: 'utf8' }).map((inner) => `${name}/${inner}`)]
      : [name],
  )
  .map((path) => path.replaceAll('\\', '/'))
  // The bare site that bench/ builds has such folders too.
  .filter((path) => !path.split('/').some((part) => NOT_OURS.has(part)))
const files = paths
  .filter((path) => TEXT.test(path) && statSync(path).isFile())
  .map((path) => ({ path, text: readFileSync(path, 'utf8') }))

test('every citation leads to something that is there', () => {
  expect(files.length).toBeGreaterThan(800)
  const project = projectOf(files, paths)
  // A migration is never edited, so its comments may cite paths that have since moved.
  const cited = files.filter(({ path }) => !/^(tests\/citations|prisma\/migrations\/)/.test(path))
  expect(cited.flatMap((file) => deadCitations(file, project))).toEqual([])
})

test('every name in the glossary is a name in the code', () => {
  const sources = files.filter(({ path }) => !path.endsWith('.md') && !path.startsWith('tests/citations'))
  expect(deadNames(readFileSync('docs/glossary.md', 'utf8'), sources)).toEqual([])
  expect(
    deadNames('| hồ sơ | `Case`, `Dossier` | a `file` |', [{ path: 'a.ts', text: 'class Case {}' }]),
  ).toEqual(['Dossier', 'file'])
})

describe('a dead citation is found, with its line', () => {
  const document = { path: 'docs/a.md', text: '# A\n\n## What it is\n' }
  const own = { path: 'package.json', text: '{ "scripts": { "check": "true" } }' }
  const project = projectOf(
    [document, own],
    [
      'docs',
      'docs/a.md',
      'docs/adr/0007-seven.md',
      'features',
      'features/cases/move.ts',
      'messages/vi/case.json',
    ],
  )
  test.each([
    ['a.md', 'one\n`docs/b.md`', /^a\.md:2: cites docs\/b\.md/],
    ['a.md', '[b](docs/b.md)', /links to docs\/b\.md/],
    ['a.md', '[b](docs/a.md#what-it-was)', /no such heading/],
    ['a.md', '<img src="docs/b.png">', /links to docs\/b\.png/],
    ['a.md', 'ADR 7 and\nADR 7, 8', /^a\.md:2: cites ADR 8/],
    ['a.md', '`npm run everything`', /cites npm run everything/],
    ['a.md', '`features/nobody`', /cites features\/nobody/],
    ['a.md', '`cases/commands/nobody`', /cites cases\/commands\/nobody/],
    ['a.ts', '// docs/a.md, "What it was"', /no such heading/],
    ['a.ts', '/** As in contract.md. */', /cites contract\.md/],
    ['a.ts', "const a = 1\n// see docs/adr/0008\nconst b = 'c.md'", /^a\.ts:2: cites ADR 8/],
    ['a.sql', 'SELECT 1;\n-- of ADR 12', /^a\.sql:2: cites ADR 12/],
    ['docs/b.md', '`move.tsx`', /cites move\.tsx/],
    ['a.md', '`messages/<language>/report.json`', /cites messages/],
  ])('%s: %s', (path, text, fault) => {
    const faults = deadCitations({ path, text }, project)
    expect(faults).toHaveLength(1)
    expect(faults[0]).toMatch(fault)
  })

  test.each([
    ['a.md', '[b](docs/a.md#what-it-is), [c](https://example.com/d.md), `docs/a.md`, "A"'],
    [
      'docs/b.md',
      '[a](a.md), `cases/move.ts`, `move.ts`, `features/cases/move`, `cases/move`, `text/csv`, ADRs 7 and 7',
    ],
    [
      'a.md',
      '`messages/<language>/case.json`, `messages/{vi,en}/*.json`, `.data/secrets.json`, `npm run check`',
    ],
    ['a.ts', '// docs/a.md, "What it is"\nconst file = \'nowhere.md\''],
  ])('%s: %s is alive', (path, text) => {
    expect(deadCitations({ path, text }, project)).toEqual([])
  })
})
