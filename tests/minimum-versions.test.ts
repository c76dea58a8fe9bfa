import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

interface Floor {
  readonly least: string
  readonly because: readonly { readonly advisory: string; readonly fixed: string }[]
}

const read = (file: string) => JSON.parse(readFileSync(file, 'utf8'))
const floors: Record<string, Floor> = read('minimum-versions.json')
const locked: Record<string, { version: string }> = read('package-lock.json').packages

/** Returns whether a version is below the floor. A pre-release of the floor itself counts as below. */
function isBelow(version: string, least: string): boolean {
  const parts = (text: string) => text.split(/[.+-]/).slice(0, 3).map(Number)
  const [had, wanted] = [parts(version), parts(least)]
  const at = had.findIndex((part, index) => part !== wanted[index])
  if (at === -1) return version.includes('-') && !least.includes('-')
  return (had[at] ?? 0) < (wanted[at] ?? 0)
}

test('versions compare by number, and what comes before a release is below it', () => {
  expect(isBelow('9.10.0', '9.9.0')).toBe(false)
  expect(isBelow('16.4.5', '16.4.6')).toBe(true)
  expect(isBelow('16.4.6', '16.4.6')).toBe(false)
  expect(isBelow('16.4.6-canary.3', '16.4.6')).toBe(true)
})

test.each(Object.entries(floors))(
  '%s is nowhere below its least safe version',
  (name, { least, because }) => {
    const found = Object.entries(locked).filter(([path]) => path.endsWith(`node_modules/${name}`))
    expect(found, `${name} is not installed: take its line out of minimum-versions.json`).not.toEqual([])
    const old = found.filter(([, { version }]) => isBelow(version, least))
    const why = because.map(({ advisory }) => advisory).join(', ')
    expect(
      old.map(([path, { version }]) => `${path} ${version}`),
      `${name} needs ${least}: ${why}`,
    ).toEqual([])
    for (const { advisory, fixed } of because) expect(isBelow(least, fixed), advisory).toBe(false)
  },
)
