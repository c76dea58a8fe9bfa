import fc from 'fast-check'
import { expect, test } from 'vitest'
import { runs } from '#tests/runs.ts'
import { routesOf } from './request-route.ts'

const HANDLERS = [
  '/.well-known/security.txt',
  '/api/health/ready',
  '/api/evidence/[id]',
  '/api/evidence/[id]/pages/[page]',
  '/api/[...rest]',
  '/k/[link]',
  '/k/browser/[token]',
]
const routeOf = routesOf(HANDLERS)

test.each([
  ['/api/health/ready', '/api/health/ready'],
  ['/api/evidence/6f1c', '/api/evidence/[id]'],
  ['/api/evidence/6f1c/pages/2', '/api/evidence/[id]/pages/[page]'],
  ['/api/nothing/of/ours', '/api/[...rest]'],
  ['/k/4fQ9secret', '/k/[link]'],
  ['/k/browser/4fQ9secret', '/k/browser/[token]'],
  ['/.well-known/security.txt', '/.well-known/security.txt'],
  ['/', '/'],
  ['/en', '/'],
  ['/ho-so/HCM-2026-000123', '/track/[number]'],
  ['/en/track/HCM-2026-000123', '/track/[number]'],
  ['/_next/static/chunks/a.js', '/_next'],
  ['/robots.txt', 'file'],
  ['/wp-admin/setup', 'other'],
])('%s is %s', (path, route) => {
  expect(routeOf(path)).toBe(route)
})

test('no path can make a route of its own', () => {
  const seen = new Set<string>()
  fc.assert(
    fc.property(
      fc.webPath(),
      fc.constantFrom('', '/api', '/k', '/en', '/ho-so', '/en/track'),
      (path, head) => {
        const route = routeOf(`${head}${path}`)
        seen.add(route)
        expect(HANDLERS.includes(route) || !/\d/.test(route)).toBe(true)
      },
    ),
    { numRuns: runs(500) },
  )
  expect(seen.size).toBeLessThan(40)
})
