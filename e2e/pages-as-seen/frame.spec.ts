import { pathFor } from '#messages/paths.ts'
import { expect, test } from '../fixtures.ts'

const standing = ['/', '/help', '/privacy', '/accessibility', '/rate', '/results'] as const

for (const locale of ['vi', 'en'] as const) {
  for (const name of standing) {
    const path = pathFor(locale, name)

    test(`every script of ${path} carries the nonce of its answer, and a new one each time`, async ({
      request,
    }) => {
      const nonces = await Promise.all(
        [1, 2].map(async () => {
          const response = await request.get(path)
          const policy = response.headers()['content-security-policy'] ?? ''
          expect(policy).not.toContain('unsafe')
          const nonce = /'nonce-([^']+)'/.exec(policy)?.[1]
          const scripts = (await response.text()).match(/<script[^>]*>/g) ?? []
          expect(scripts.length).toBeGreaterThan(0)
          for (const script of scripts) expect(script).toContain(`nonce="${nonce}"`)
          return nonce
        }),
      )
      expect(nonces[0]).not.toBe(nonces[1])
    })
  }
}

test('the language switch leads to the same page', async ({ page }) => {
  await page.goto('/hoi-dap')
  await page.getByRole('link', { name: 'English' }).click()
  await expect(page).toHaveURL('/en/help')
  await page.getByRole('link', { name: 'Tiếng Việt' }).click()
  await expect(page).toHaveURL('/hoi-dap')
})

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false })

  for (const [path, title] of [
    ['/khong-co-trang-nay', 'Không tìm thấy trang này'],
    ['/en/ho-so/a/b', 'We cannot find this page'],
    ['/en/gallery', 'We cannot find this page'],
  ] as const) {
    test(`${path} is answered 404 with what to do`, async ({ page }) => {
      const response = await page.goto(path)
      expect(response?.status()).toBe(404)
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(title)
    })
  }
})

for (const [what, options, status] of [
  ['from another site', { headers: { origin: 'https://evil.example' } }, 403],
  ['from nowhere', { headers: { origin: 'null' } }, 403],
  ['that is no form', { headers: { 'content-type': 'multipart/form-data' }, data: 'x' }, 400],
  ['that is too large', { multipart: { story: 'x'.repeat(9_100_000) } }, 413],
] as const) {
  test(`a form ${what} is refused with ${status} and words`, async ({ request }) => {
    const response = await request.post('/en/help', options)
    expect(response.status()).toBe(status)
    expect(await response.text()).toContain('Open An Tâm')
  })
}

test('a request id is ours, whatever was sent', async ({ request }) => {
  const response = await request.get('/', { headers: { 'x-request-id': 'theirs' } })
  expect(response.headers()['x-request-id']).toMatch(/^[\da-f]{8}-/)
})
