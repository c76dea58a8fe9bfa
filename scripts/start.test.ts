import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { importsOf } from '#tests/architecture.ts'
import { ownProcess } from './supervisor.ts'

/** Returns the project's files that a file loads, including itself, without dynamic imports. */
function loaded(path: string, seen = new Set<string>()): Set<string> {
  if (seen.has(path)) return seen
  seen.add(path)
  const text = readFileSync(path, 'utf8')
  for (const { target, own } of importsOf({ path, text }))
    if (own && target.endsWith('.ts')) loaded(target, seen)
  return seen
}

test('the process that watches the others loads nothing of what migrates and seeds', () => {
  const files = [...loaded('scripts/start.ts')]
  expect(files).toContain('scripts/supervisor.ts')
  // Rules are pure.
  const heavy = /^(generated|prisma|tools)\/|^features\/(?!.*\brules\b)|\/(db|queue|migrate)\.ts$/
  expect(files.filter((path) => heavy.test(path))).toEqual([])
  expect([...loaded('scripts/prepare.ts')]).toContain('scripts/migrate.ts')
})

test('a web server keeps few young objects', () => {
  const child = ownProcess('scripts/web.ts')()
  child.kill('SIGKILL')
  expect(child.spawnargs.slice(1)).toEqual(['--max-semi-space-size=8', 'scripts/web.ts'])
})
