import type { Locator } from '@playwright/test'
import { full } from '#tests/runs.ts'
import { newAnswers } from '../answers.ts'
import { expect, expectAccessible, test } from '../fixtures.ts'
import { misfits } from '../misfits.ts'

const PAGES = [
  '/',
  '/bao-mat-may',
  '/ho-so/tim',
  '/ho-so',
  '/kiem-tra-imei',
  '/may-bi-chan',
  '/may-bi-chan/khieu-nai/tiep-tuc',
  '/hoi-dap',
  '/so-goi',
  '/gio-dau',
  '/quyen-rieng-tu',
  '/tro-nang',
  '/dang-nhap',
  '/ket-qua',
  '/danh-gia',
  '/ket-qua/du-lieu',
  '/so-lieu',
  '/en',
  '/en/report',
  '/en/track/find',
  '/en/track',
  '/en/check',
  '/en/blocked',
  '/en/help',
  '/en/hotlines',
  '/en/first-hour',
  '/en/privacy',
  '/en/accessibility',
  '/en/security',
  '/en/sign-in',
  '/en/figures',
  '/en/rate',
  '/en/results',
  '/en/results/quan-3',
  '/en/results/questions',
]
const PHONE = { width: 360, height: 740 }
const DESK = { width: 1280, height: 900 }

/** Pages that are checked in one language only. */
const ALONE = [
  '/may-bi-chan/khieu-nai/tiep-tuc',
  '/ket-qua/du-lieu',
  '/en/security',
  '/en/results/quan-3',
  '/en/results/questions',
]
// The short run checks each page with axe in Vietnamese on a phone in light mode, and in English on a desktop
// in dark mode. The full run checks each page both ways.
for (const path of PAGES) {
  const english = path.startsWith('/en')
  test(`${path} is whole, accessible and safe, on a phone in light and on a desk in the dark`, async ({
    page,
  }) => {
    const complaints: string[] = []
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    const fits = async () => expect(await misfits(page)).toEqual([])
    await page.setViewportSize(PHONE)
    await page.emulateMedia({ colorScheme: 'light' })
    const answer = await page.goto(path)
    expect(answer?.status()).toBe(200)
    await expect(page.locator('html')).toHaveAttribute('lang', english ? 'en' : 'vi')
    await expect(page.locator('h1')).toHaveCount(1)
    await expect(page.locator('main :is(h1, h2, h3, h4)').first()).toHaveJSProperty('tagName', 'H1')
    await fits()
    if (full || !english || ALONE.includes(path)) await expectAccessible(page)
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.setViewportSize(DESK)
    await fits()
    if (full || english || ALONE.includes(path)) await expectAccessible(page)
    // The narrowest screens, with text twice as large.
    for (const width of [320, 240]) {
      await page.setViewportSize({ width, height: 740 })
      await fits()
    }
    await page.setViewportSize({ width: 640, height: 740 })
    await page.locator('html').evaluate((html) => {
      html.style.fontSize = '225%'
    })
    await fits()
    // The policy allows only scripts with the request's nonce, and none at all on a static page.
    const policy = answer?.headers()['content-security-policy'] ?? ''
    expect(policy).toMatch(/script-src ([^;]*'nonce-[^']+'|'none')/)
    expect(policy).not.toContain('unsafe')
    expect(complaints).toEqual([])
  })
}

test('the receipt’s first screen has what is copied, the warning and the way out, and one mark of each', async ({
  page,
  report,
}) => {
  await page.setViewportSize({ width: 360, height: 740 })
  const receipt = await report.file(newAnswers())
  await page.evaluate(() => scrollTo(0, 0))
  for (const seen of ['[data-case-number]', '[data-case-secret]', 'form[action*="/api/case/end"] button']) {
    await expect(page.locator(seen)).toHaveCount(1)
    const box = await page.locator(seen).boundingBox()
    expect((box?.y ?? 740) + (box?.height ?? 0), seen).toBeLessThan(740)
  }
  await expect(page.locator('[data-case-secret]')).toHaveText(receipt.secret.replaceAll('-', ' '))
  await expectAccessible(page)
})

test('a secret is seen whole in its field on the narrowest phone, to be compared with the paper', async ({
  page,
}) => {
  await page.setViewportSize({ width: 320, height: 640 })
  await page.goto('/ho-so')
  for (const [name, typed] of [
    ['caseNumber', 'HCM-9PKP-R2J6-K'],
    ['caseSecret', '7QH3K-0VXT9-DN25B-8RJPC'],
  ] as const) {
    const field = page.locator(`[name="${name}"]`)
    await field.fill(typed)
    expect(await field.evaluate((one) => one.scrollWidth - one.clientWidth), name).toBeLessThanOrEqual(0)
  }
})

test('a bank is found without a script, and a link has a card that is the same for every page', async ({
  request,
}) => {
  const found = await (await request.get('/so-goi?q=quan+doi')).text()
  expect(found.match(/data-hotline="[^"]+"/g)).toEqual(['data-hotline="mb"'])
  const cardOf = async (path: string) =>
    (await (await request.get(path)).text()).match(/<meta (?:property="og|name="twitter):[^>]+>/g)
  const card = await cardOf('/')
  expect(card?.join('')).toContain('/share-vi.png')
  for (const path of ['/ho-so?number=HCM-7K3Q-9XWD-4', '/so-goi', '/dang-nhap'])
    expect(await cardOf(path)).toEqual(card)
  for (const file of ['/share-vi.png', '/share-en.png', '/apple-touch-icon.png', '/manifest-vi.webmanifest'])
    expect((await request.get(file)).status(), file).toBe(200)
})

test('what is Vietnamese on an English page is marked as such', async ({ page }) => {
  for (const path of ['/en/questions', '/en/privacy']) {
    await page.goto(path)
    await expect(page.locator('main [lang="vi"]', { hasText: /Nghị định|Luật/ }).first()).toBeAttached()
  }
})

test('in a person’s own colours what is chosen and what is a list to choose from still look it', async ({
  page,
}) => {
  await page.emulateMedia({ forcedColors: 'active' })
  await page.goto('/bao-mat-may')
  await expect(page.locator('select[name="district"]')).not.toHaveCSS('appearance', 'none')
  const [chosen, other] = [page.locator('.choice').nth(1), page.locator('.choice').first()]
  await chosen.locator('input').check()
  const edge = (one: Locator) => one.evaluate((element) => getComputedStyle(element).border)
  expect(await edge(chosen)).not.toBe(await edge(other))
})

test('an unknown address is a 404 that says what to do, in its own language, without JavaScript too', async ({
  browser,
  baseURL,
}) => {
  const context = await browser.newContext({ javaScriptEnabled: false, ...(baseURL && { baseURL }) })
  const page = await context.newPage()
  for (const [path, lang] of [
    ['/khong-co-trang-nay', 'vi'],
    ['/en/no-such-page', 'en'],
    ['/bao-mat-may/buoc-la', 'vi'],
  ] as const) {
    const answer = await page.goto(path)
    expect(answer?.status()).toBe(404)
    await expect(page.locator('html')).toHaveAttribute('lang', lang)
    await expect(page.locator('h1')).toBeVisible()
    await expect(page.locator('main a[href]').first()).toBeVisible()
  }
  await context.close()
})
