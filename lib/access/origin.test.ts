import { describe, expect, test } from 'vitest'
import { isOwnOrigin, type OriginEvidence } from './origin.ts'

const post = (evidence: Partial<OriginEvidence>): OriginEvidence => ({
  method: 'POST',
  origin: null,
  secFetchSite: null,
  referer: null,
  host: 'antam.example',
  publicUrl: null,
  ...evidence,
})

describe('a request that changes something', () => {
  test.each([
    ['our own page', { origin: 'https://antam.example' }],
    [
      'our own page behind a proxy that rewrites Host',
      {
        origin: 'https://antam.example',
        host: '10.0.0.5:3000',
        publicUrl: 'https://antam.example/',
      },
    ],
    ['a program without any of the headers', {}],
    ['a browser that sends only Sec-Fetch-Site', { secFetchSite: 'same-origin' }],
    ['a browser that sends only Referer', { referer: 'https://antam.example/ho-so' }],
  ])('passes from %s', (_, evidence) => {
    expect(isOwnOrigin(post(evidence))).toBe(true)
  })

  test.each([
    ['another site', { origin: 'https://evil.example' }],
    ['the null origin', { origin: 'null' }],
    ['an unreadable origin', { origin: 'antam.example' }],
    ['another port', { origin: 'https://antam.example:8443' }],
    ['a name that only begins like ours', { origin: 'https://antam.example.evil.example' }],
    ['a neighbour under the same site', { secFetchSite: 'same-site' }],
    ['another site by Sec-Fetch-Site alone', { secFetchSite: 'cross-site' }],
    ['another site by Referer alone', { referer: 'https://evil.example/ho-so' }],
    ['a request without Host', { origin: 'https://antam.example', host: null }],
    ['an origin without host', { origin: 'file:///x', host: '' }],
    [
      'another site that says it is ours elsewhere',
      {
        origin: 'https://evil.example',
        secFetchSite: 'same-origin',
        referer: 'https://antam.example/',
      },
    ],
  ])('is refused from %s', (_, evidence) => {
    expect(isOwnOrigin(post(evidence))).toBe(false)
  })
})

test('reading is never refused', () => {
  expect(isOwnOrigin({ ...post({ origin: 'https://evil.example' }), method: 'GET' })).toBe(true)
})
