import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { KEPT_PAGES } from '#http/kept-pages.ts'
import { type Locale, locales, type Pathname, routing } from '#messages/routing.ts'
import { importsOf } from './architecture.ts'

const GROUP = 'app/[locale]/(citizen)'

/** Matches files that run only on the server and contain no components. */
const SERVER = /^(platform|http|generated)\/|^features\/[^/]+\/([\w-]+\/)?([\w-]+-)?(data|acts|jobs)\.ts$/

/** Returns the files that a file needs, including itself. */
function reach(path: string, seen = new Set<string>()): Set<string> {
  if (seen.has(path) || !existsSync(path) || SERVER.test(path)) return seen
  seen.add(path)
  for (const { target, own } of importsOf({ path, text: readFileSync(path, 'utf8') }))
    if (own && /\.tsx?$/.test(target)) reach(target, seen)
  return seen
}

const runsInBrowser = (path: string): boolean => /^'use client'/m.test(readFileSync(path, 'utf8'))

const KEPT = Object.keys(KEPT_PAGES) as (keyof typeof KEPT_PAGES)[]

test.each(KEPT)('%s is kept as it can be', (pathname) => {
  const files = reach(`${GROUP}${pathname === '/' ? '' : pathname}/page.tsx`)
  expect(files.size).toBeGreaterThan(3)
  expect([...files].filter(runsInBrowser), 'needs a script, and would be sent without').toEqual([])
  // A page that reads these differs between visitors. If it were cached, one visitor would get another's page.
  const text = [...files].map((path) => readFileSync(path, 'utf8')).join('\n')
  expect(text).not.toMatch(/\b(cookies|currentReader|currentCitizen|draftCookie|currentStaff|visit\w*)\(\)/)
})

test.each(KEPT)('%s reads of its address what the table lists, by its type', (pathname) => {
  const page = readFileSync(`${GROUP}${pathname === '/' ? '' : pathname}/page.tsx`, 'utf8')
  // Another type would let the page read a parameter that is dropped before it gets there.
  const types = [...page.matchAll(/searchParams: (?!props\.)([^\n}]+)/g)].map(([, type = '']) => type.trim())
  expect(types.filter((type) => type !== `SearchOf<'${pathname}'>`)).toEqual([])
  if (/\bsearchParams\b/.test(page)) expect(types).not.toEqual([])
})

test('nginx may keep every kept page, and no other', () => {
  const sample = readFileSync('deploy/nginx/an-tam.conf', 'utf8')
  const [, list = ''] = /\n {2}location ~ (\S+) \{\n[^}]*\}[^}]*proxy_cache antam_public;/.exec(sample) ?? []
  const mayKeep = new RegExp(list)
  const address = (pathname: Pathname, locale: Locale) => {
    const path = routing.pathnames[pathname]
    const own = (typeof path === 'string' ? path : path[locale]).replace(/\[\w+\]/g, 'x')
    return locale === 'vi' ? own : `/${locale}${own === '/' ? '' : own}`
  }
  const kept = (Object.keys(routing.pathnames) as Pathname[]).filter((pathname) =>
    locales.some((locale) => mayKeep.test(address(pathname, locale))),
  )
  expect(kept.toSorted()).toEqual(KEPT.toSorted())
  for (const pathname of KEPT)
    for (const locale of locales) expect(address(pathname, locale)).toMatch(mayKeep)
  for (const path of ['/api/v1/imei/x', '/api/carrier/v1/changes', '/api/staff/events', '/k/x', '/ho-so/x'])
    expect(path).not.toMatch(mayKeep)
})
