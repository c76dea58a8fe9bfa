import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { expect, test } from '../fixtures.ts'

/** KB of script beyond a bare Next page. */
const PUBLIC = 30
const DESK = 60

const built = (file: string): string => readFileSync(`.next/${file}`, 'utf8')
const bare: readonly string[] = JSON.parse(built('build-manifest.json')).rootMainFiles

interface ClientModules {
  readonly clientModules: Readonly<Record<string, { readonly chunks: readonly string[] }>>
}

/** Returns the compressed KB of all scripts that a page may load when it is opened, without the scripts that every page has. */
function scriptOf(page: string): number {
  const said = built(`server/app/${page}_client-reference-manifest.js`)
  const start = said.indexOf('{', said.lastIndexOf('__RSC_MANIFEST["'))
  const { clientModules }: ClientModules = JSON.parse(said.slice(start).replace(/;\s*$/, ''))
  const files = Object.values(clientModules).flatMap(({ chunks }) =>
    chunks.map((chunk) => chunk.replace(/^\/_next\//, '')),
  )
  const own = [...new Set(files)].filter((file) => file.endsWith('.js') && !bare.includes(file))
  expect(own.length, page).toBeGreaterThan(0)
  return own.reduce((sum, file) => sum + gzipSync(built(file)).length / 1000, 0)
}

for (const [page, most] of [
  ['[locale]/(citizen)/page', PUBLIC],
  ['[locale]/(citizen)/report/incident/page', PUBLIC],
  ['[locale]/(citizen)/report/phone/page', PUBLIC],
  ['[locale]/(citizen)/rate/[agency]/page', PUBLIC],
  ['[locale]/(citizen)/check/page', PUBLIC],
  ['[locale]/(citizen)/track/[number]/page', PUBLIC],
  ['[locale]/(citizen)/results/page', PUBLIC],
  ['[locale]/admin/cases/page', DESK],
  ['[locale]/admin/cases/[number]/page', DESK],
] as const)
  test(`${page} has no more than ${most} KB of script beyond a bare page`, () => {
    expect(scriptOf(page)).toBeLessThanOrEqual(most)
  })
