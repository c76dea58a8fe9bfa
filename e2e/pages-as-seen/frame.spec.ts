import { pathFor } from '#messages/paths.ts'
import { expect, expectAccessible, test } from '../fixtures.ts'

const scripted = ['/rate', '/check', '/report', '/track'] as const
/** These pages need no scripts. They are served without any and are the same for everybody. */
const still = [
  '/',
  '/help',
  '/privacy',
  '/accessibility',
  '/results',
  '/figures',
  '/questions',
  '/ledger',
] as const

for (const locale of ['vi', 'en'] as const) {
  for (const name of scripted) {
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

  for (const name of still) {
    const path = pathFor(locale, name)

    test(`${path} comes without scripts, and not again to a browser that has it`, async ({ request }) => {
      const first = await request.get(path)
      const html = await first.text()
      expect(html).toContain('</html>')
      expect(html).not.toContain('<script')
      expect(html).not.toContain('nonce=')
      // Any cache may keep the page, because page and policy are the same for everybody.
      const { 'cache-control': caching, 'content-security-policy': policy } = first.headers()
      expect(caching).toBe('public, s-maxage=10, stale-while-revalidate=60')
      expect(policy).toMatch(/script-src 'none'/)
      expect(policy).not.toContain('nonce')
      expect(first.headers()['set-cookie']).toBeUndefined()
      const etag = first.headers().etag ?? ''
      const again = await request.get(path, { headers: { 'if-none-match': etag } })
      expect([again.status(), await again.text()]).toEqual([304, ''])
      expect((await request.get(path, { headers: { 'if-none-match': '"other"' } })).status()).toBe(200)
    })
  }
}

test('what a form is known by is another one in each answer', async ({ request }) => {
  const open = async () => {
    const answer = await request.get('/danh-gia/quan-3')
    const html = await answer.text()
    const of = (name: RegExp) => name.exec(html)?.[1] ?? ''
    const own = [
      /name="submitKey" value="([^"]+)/,
      /name="issued" value="([^"]+)/,
      /data-puzzle="([^"]+)/,
    ].map(of)
    for (const value of own) {
      expect(value.length).toBeGreaterThan(20)
      // The copy of the page's data for its script has the same value.
      expect(html.split(value).length).toBeGreaterThan(2)
    }
    return own
  }
  const [one, other] = [await open(), await open()]
  for (const [at, value] of one.entries()) expect(value).not.toBe(other[at])
})

test('what folds on a phone is a heading alone where nothing folds, and takes no focus there', async ({
  page,
}) => {
  await page.goto('/minh-bach')
  const summary = page.locator('.phone-fold > summary').first()
  for (const [width, folds] of [
    [360, true],
    [1280, false],
  ] as const) {
    await page.setViewportSize({ width, height: 800 })
    await expect(summary.locator('h2')).toBeVisible()
    const takesFocus = await summary.evaluate((one) => {
      one.focus()
      return document.activeElement === one
    })
    expect(takesFocus).toBe(folds)
    await summary.evaluate((one) => one.blur())
  }
})

test('a page has one way to speak to its reader: ông/bà in the survey, bạn elsewhere', async ({ page }) => {
  const survey = /^\/(danh-gia|ket-qua|cau-hoi|minh-bach)/
  for (const path of [
    '/',
    '/bao-mat-may',
    '/ho-so',
    '/kiem-tra-imei',
    '/may-bi-chan',
    '/hoi-dap',
    '/quyen-rieng-tu',
    '/so-lieu',
    '/xac-minh',
    '/danh-gia',
    '/danh-gia/quan-3',
    '/ket-qua',
    '/ket-qua/quan-3',
    '/ket-qua/du-lieu',
    '/cau-hoi',
    '/minh-bach',
  ]) {
    await page.goto(path)
    // Folded text counts too, because people read it once it is unfolded.
    const text = await page.locator('body').evaluate((body) => {
      for (const script of body.querySelectorAll('script')) script.remove()
      return body.textContent.toLowerCase()
    })
    expect(text, path).not.toMatch(survey.test(path) ? /(?<!\p{L})bạn(?!\p{L})/u : /ông\/bà/)
  }
})

test('an answer is found by any of its words, without accents too', async ({ page }) => {
  await page.goto('/hoi-dap')
  await page.locator('input[name="q"]').fill('dinh vi')
  await page.locator('input[name="q"]').press('Enter')
  await expect(page.locator('#locate')).toBeVisible()
  await expect(page.locator('#malice')).toHaveCount(0)
  await expectAccessible(page)
})

test('the first page says on a phone what is needed in 350 words and 3,200 px', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 })
  await page.goto('/')
  const height = await page.evaluate(() => document.documentElement.scrollHeight)
  // biome-ignore lint/performance/useDomNodeTextContent: what is folded does not count
  const words = (await page.locator('main').innerText()).split(/\s+/).length
  expect(height).toBeLessThanOrEqual(3_200)
  expect(words).toBeLessThanOrEqual(350)
})

test('long pages are short on a phone: their parts are folded, and open on a desk', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 })
  for (const path of [
    '/ket-qua',
    '/ket-qua/quan-3',
    '/ket-qua/cach-tinh',
    '/minh-bach',
    '/so-lieu',
    '/quyen-rieng-tu',
    '/may-bi-chan',
  ]) {
    await page.goto(path)
    const height = await page.evaluate(() => document.documentElement.scrollHeight)
    expect(height, path).toBeLessThanOrEqual(5 * 740)
  }
  await page.goto('/ket-qua')
  // The row of an office. Without public answers yet, it is folded under the line of such offices.
  const row = page.locator('tr[data-agency="quan-3"]')
  const line = page.locator('details details:has(tr[data-agency="quan-3"]) > summary')
  const shown = row.or(line).filter({ visible: true })
  await expect(shown).toHaveCount(0)
  await page.setViewportSize({ width: 1280, height: 900 })
  await expect(shown.first()).toBeVisible()
})

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

test('a request id is ours, also where the sender names one', async ({ request }) => {
  const response = await request.get('/', { headers: { 'x-request-id': 'theirs' } })
  expect(response.headers()['x-request-id']).toMatch(/^[\da-f]{8}-/)
})
