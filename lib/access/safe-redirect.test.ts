import fc from 'fast-check'
import { expect, test } from 'vitest'
import { runs } from '#tests/runs.ts'
import { safeRedirectPath } from './safe-redirect.ts'

test.each(['/quan-tri', '/en/admin/cases?state=verified', '/'])('keeps %s', (path) => {
  expect(safeRedirectPath(path)).toBe(path)
})

test.each([
  '//evil.example',
  '/.//evil.example',
  '/x/..//evil.example',
  '/%2e//evil.example',
  '/\\evil.example',
  'https://evil.example/quan-tri',
  'javascript:alert(1)',
  '/\t/evil.example',
  '/%2f%2fevil.example',
  '/%2F/evil.example',
  '/%5cevil.example',
  '/%252f%252fevil.example',
  '/%25255Cevil.example',
  '/quan-tri/..%2f..%2f%2fevil.example',
  'quan-tri',
  '',
  null,
  undefined,
])('refuses %j', (path) => {
  expect(safeRedirectPath(path)).toBeNull()
})

const PIECES = [
  ...['/', '//', '\\', '.', '..', '@', ':', '?', '#', '%2f', '%5C', '%252F', '%2e', '%40', '%09', '%00', '%'],
  ...[
    '\t',
    '\r\n',
    '\0',
    ' ',
    'javascript:',
    'http:',
    'https://',
    'data:',
    'evil.example',
    'quan-tri',
    '，',
    '／',
  ],
]

test('every path made of pieces that browsers trip over leads to this site or nowhere, decoded once more too', () => {
  const site = 'https://antam.example'
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...PIECES), { maxLength: 8 }), (pieces) => {
      let path = safeRedirectPath(`/${pieces.join('')}`)
      for (let times = 0; path !== null && times < 3; times++) {
        expect(new URL(path, site).origin).toBe(site)
        const [before = ''] = path.split('?')
        path = URL.canParse(before, site) && /^(%[0-9a-f]{2}|[^%])*$/i.test(before) ? decoded(before) : null
      }
    }),
    { numRuns: runs(2_000) },
  )
})

function decoded(path: string): string | null {
  try {
    return decodeURIComponent(path)
  } catch {
    return null
  }
}
