import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { Server } from 'node:https'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from '@playwright/test'
import { selfSigned } from '../certificate.ts'
import type { DemoAccount } from '../demo-account.ts'
import { expectAccessible } from '../fixtures.ts'
import { terminateTls } from '../https-front.ts'
import { StaffPages } from '../pages/staff-pages.ts'
import { freePort, type Product, startProduct } from '../product.ts'

let product: Product
let proxy: Server
const authority = join(mkdtempSync(join(tmpdir(), 'antam-tls-')), 'cert.pem')
test.beforeAll(async () => {
  const [secure, plain] = [await freePort(), await freePort()]
  const identity = selfSigned()
  proxy = terminateTls(identity, secure, plain)
  writeFileSync(authority, identity.cert)
  product = await startProduct({
    PORT: String(plain),
    // A passkey belongs to a name, and is required only under https.
    PUBLIC_URL: `https://localhost:${secure}`,
    PASSKEYS_REQUIRED: 'auditor',
    // For the demo carriers, which reach it as everybody does.
    NODE_EXTRA_CA_CERTS: authority,
  })
})
test.afterAll(async () => {
  proxy.close()
  proxy.closeAllConnections()
  await product.stop()
  rmSync(dirname(authority), { recursive: true })
})

/** An address of before may have it as the place to go back to. */
const isInside = (url: URL) => url.pathname.startsWith('/quan-tri')

test('who has to use a passkey is led to registering one, and works from then on', async ({ browser }) => {
  const page = await (await browser.newContext({ baseURL: product.url, ignoreHTTPSErrors: true })).newPage()
  const devices = await page.context().newCDPSession(page)
  await devices.send('WebAuthn.enable')
  await devices.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
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
  // The session opens nothing else.
  await staff.openSection('tai-khoan-cua-toi')
  await page.waitForURL(/dang-nhap\/khoa-truy-cap/)

  await page.locator('[name="passkeyName"]').fill('Máy bàn')
  await staff.press(page.locator('form:has([name="passkeyName"]) button[type=submit]'))
  await page.locator('[data-passkey-step] [data-passkey]').click()
  await page.waitForURL(isInside)
  await staff.openSection('nhat-ky')
  await expect(page.locator('h1')).toBeVisible()
  await expect(page).toHaveURL(/quan-tri\/nhat-ky/)

  // Password and code open nothing any more; the passkey does.
  await page.context().clearCookies()
  await staff.openSection('nhat-ky')
  await page.waitForURL(/dang-nhap/)
  await byCode()
  await page.waitForURL((url) => url.searchParams.has('error'))
  await page.locator('#with-passkey [data-passkey]').click()
  await page.waitForURL(isInside)
})
