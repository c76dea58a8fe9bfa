import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import type { DemoAccount } from '../demo-account.ts'
import { expectAccessible } from '../fixtures.ts'
import { startUnderHttps } from '../https-front.ts'
import { StaffPages } from '../pages/staff-pages.ts'
import { addPasskeyDevice } from '../passkey-device.ts'
import type { Product } from '../product.ts'

let product: Product
test.beforeAll(async () => {
  // A passkey is bound to a host name, and is required only under https.
  product = await startUnderHttps('localhost', { PASSKEYS_REQUIRED: 'auditor' })
})
test.afterAll(() => product.stop())

/** The sign-in page's address may contain an admin address in its query, so only the path is compared. */
const isInside = (url: URL) => url.pathname.startsWith('/quan-tri')

test('who has to use a passkey is led to registering one, and works from then on', async ({ browser }) => {
  const page = await (await browser.newContext({ baseURL: product.url, ignoreHTTPSErrors: true })).newPage()
  await addPasskeyDevice(page)
  const all: DemoAccount[] = JSON.parse(readFileSync(join(product.dataDir, 'demo-accounts.json'), 'utf8'))
  const who = all.find(({ role }) => role === 'auditor')
  if (!who) throw new Error('no auditor')
  const staff = new StaffPages(page, 'vi', who, product.dataDir)

  const byCode = async () => {
    await page.locator('[name="email"]').fill(who.email)
    await page.locator('[name="password"]').fill(who.password)
    await page.locator('[name="otp"]').fill(await staff.code())
    await page.locator('form:has([name="password"]) button').first().click()
  }
  await staff.openSection('nhat-ky')
  await byCode()
  await page.waitForURL(/dang-nhap\/khoa-truy-cap/)
  await expectAccessible(page)
  // The session gives access to nothing else.
  await staff.openSection('tai-khoan-cua-toi')
  await page.waitForURL(/dang-nhap\/khoa-truy-cap/)

  await page.locator('[name="passkeyName"]').fill('Máy bàn')
  await staff.press(page.locator('form:has([name="passkeyName"]) button[type=submit]'))
  await page.locator('[data-passkey-step] [data-passkey]').click()
  await page.waitForURL(isInside)
  await staff.openSection('nhat-ky')
  await expect(page.locator('h1')).toBeVisible()
  await expect(page).toHaveURL(/quan-tri\/nhat-ky/)

  // Password and code are no longer enough. The passkey is.
  await page.context().clearCookies()
  await staff.openSection('nhat-ky')
  await page.waitForURL(/dang-nhap/)
  await byCode()
  await page.waitForURL((url) => url.searchParams.has('error'))
  await page.locator('#with-passkey [data-passkey]').click()
  await page.waitForURL(isInside)
})
