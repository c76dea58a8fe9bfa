import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { QUEUE_OPTIONS } from '#platform/queue.ts'
import { HANDLERS, sourcesOfApp } from './entries.ts'

const PAGE = 'docs/entrypoints.md'

/**
 * Lists the names in the first column of a section's table. An address without a method has the method of the
 * one before it in its cell.
 */
function namesIn(section: string): readonly string[] {
  const page = readFileSync(PAGE, 'utf8')
  const [, text = ''] = new RegExp(`^## ${section}\\b.*\\n([^]*?)(?=^## |$(?![^]))`, 'm').exec(page) ?? []
  return [...text.matchAll(/^\| (`.*?) \|/gm)].flatMap(([, cell = '']) => {
    let method = ''
    return [...cell.matchAll(/`(?:([A-Z]+) )?([^`]+)`/g)].map(([, said, name = '']) => {
      method = said ?? method
      return `${method} ${name}`.trim()
    })
  })
}

/** Returns the entry points without a row, and the rows without an entry point. */
const faults = (known: readonly string[], named: readonly string[]): readonly string[] => [
  ...known.filter((one) => !named.includes(one)).map((one) => `${PAGE} has no row for ${one}`),
  ...named
    .filter((one) => !known.includes(one))
    .map((one) => `${PAGE} has a row for ${one}, which is not there`),
]

test('every queue stands in docs/entrypoints.md', () => {
  expect(faults(Object.keys(QUEUE_OPTIONS), namesIn('Jobs'))).toEqual([])
})

test('every handler below app/api stands in docs/entrypoints.md', () => {
  const ofApi = (names: readonly string[]) => names.filter((name) => / \/api\//.test(name))
  // The handler for all other addresses is described in words.
  const known = Object.keys(HANDLERS).filter((name) => !name.endsWith(' /api/[...rest]'))
  expect(faults(ofApi(known), ofApi(namesIn('Handlers')))).toEqual([])
})

test('a handler that answers the methods it does not have answers OPTIONS among them', () => {
  const taken = {
    READ_ONLY: 'export const { POST, PUT, PATCH, DELETE, OPTIONS } = READ_ONLY',
    POST_ONLY: 'export const { GET, HEAD, PUT, PATCH, DELETE, OPTIONS } = POST_ONLY',
  }
  const routes = sourcesOfApp().filter(([path]) => path.endsWith('/route.ts'))
  for (const [path, text] of routes)
    for (const [name, line] of Object.entries(taken))
      if (text.includes(`= ${name}`)) expect(text, path).toContain(line)
  expect(routes.filter(([, text]) => text.includes('= READ_ONLY')).length).toBeGreaterThan(20)
})

test('what is missing is named, and what is gone', () => {
  expect(faults(['GET /api/a', 'push'], ['push', 'POST /api/b'])).toEqual([
    'docs/entrypoints.md has no row for GET /api/a',
    'docs/entrypoints.md has a row for POST /api/b, which is not there',
  ])
})
