import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { account, expectAccessible } from '../fixtures.ts'
import { StaffPages } from '../pages/staff-pages.ts'
import { type Product, startProduct } from '../product.ts'

test.describe.configure({ timeout: 240_000 })

let product: Product
test.beforeAll(async () => {
  product = await startProduct({ DEMO: 'city' })
})
test.afterAll(() => product.stop())

test('a newcomer sees results, figures and carriers at once, each page says that it is a demo, and nothing is sent', async ({
  browser,
}) => {
  const page = await (await browser.newContext({ baseURL: product.url })).newPage()
  for (const path of ['/', '/ket-qua', '/ket-qua/quan-3', '/so-lieu', '/cau-hoi', '/en/results']) {
    await page.goto(path)
    await expect(page.locator('[data-demo]')).toHaveText(path.startsWith('/en') ? /^Demo/ : /^Bản dùng thử/)
    await expectAccessible(page)
  }
  await page.goto('/ket-qua')
  const told = page.locator('[data-agency="quan-3"][data-satisfied]').first()
  expect(Number(await told.getAttribute('data-responses'))).toBeGreaterThanOrEqual(100)
  await expect(
    page.locator('[data-agency="ban-quan-ly-khu-cong-nghe-cao"][data-suppressed]'),
  ).not.toHaveCount(0)
  await page.goto('/so-lieu')
  await expect(page.getByText('Gmobile').first()).toBeVisible()
  expect(
    readdirSync(join(product.dataDir, 'outbox'), { recursive: true }).filter((name) =>
      /\.(eml|json)$/.test(String(name)),
    ),
  ).toEqual([])
})

test('the archive has a snapshot of the open data, by date and hash, with how it is cited', async ({
  browser,
}) => {
  const page = await (await browser.newContext({ baseURL: product.url })).newPage()
  await expect(async () => {
    await page.goto('/ket-qua/luu-tru')
    await page.locator('[data-snapshot] a').first().click({ timeout: 1_000 })
  }).toPass({ timeout: 120_000 })
  const hash = await page.locator('[data-sha256]').getAttribute('data-sha256')
  await expect(page.locator('[data-bibtex]')).toContainText(hash ?? 'no hash')
  await expect(page.locator('[data-citation]')).toContainText(new URL(page.url()).pathname)
  await expectAccessible(page)
})

test('a district’s queue has work in it, and a proof opens', async ({ browser }) => {
  const page = await (await browser.newContext({ baseURL: product.url })).newPage()
  const staff = new StaffPages(page, 'vi', account('officer', 'quan-3', 0, product.dataDir), product.dataDir)
  await staff.signIn()
  await page.goto('/quan-tri/ho-so')
  await expect(page.locator('[data-demo]')).toBeVisible()
  await expect(page.getByText(/HCM-/).first()).toBeVisible()
})
