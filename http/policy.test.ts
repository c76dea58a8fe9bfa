import { expect, test, vi } from 'vitest'
import { CLOSED_POLICY } from '#lib/access/content-security-policy.ts'
import config from '../next.config.js'
import { requirePolicy } from './policy.ts'

const sent = vi.hoisted(() => ({ headers: new Headers() }))
vi.mock('next/headers', () => ({ headers: async () => sent.headers }))

test.each([{}, { 'content-security-policy': "default-src 'none'" }])(
  'a page that would come without a nonce does not come: %o',
  async (headers) => {
    sent.headers = new Headers(headers as Record<string, string>)
    await expect(requirePolicy()).rejects.toThrow('past proxy.ts')
  },
)

test('one with it does', async () => {
  sent.headers = new Headers({ 'content-security-policy': "script-src 'nonce-abc'" })
  await expect(requirePolicy()).resolves.toBeUndefined()
})

test.each(['/', '/en/check', '/vi/admin/cases', '/k/x', '/robots.txt', '/nowhere'])(
  '%s has a policy that lets nothing run, which the proxy alone replaces',
  async (path) => {
    const rules = (await config.headers?.()) ?? []
    const found = rules
      .filter(({ source }) =>
        new RegExp(`^${source.replace('/:path*', '(/.*)?').replace(/:\w+/g, '')}$`).test(path),
      )
      .flatMap(({ headers }) => headers.filter(({ key }) => key === 'content-security-policy'))
    expect(found.map(({ value }) => value)).toEqual([CLOSED_POLICY])
  },
)
