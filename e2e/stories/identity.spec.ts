import type { Server } from 'node:http'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { freePort } from '../../scripts/free-port.ts'
import { newAnswers } from '../answers.ts'
import { expect, expectAccessible, test } from '../fixtures.ts'
import { CLIENT, startIdentityProvider } from '../identity-provider.ts'
import { Outbox } from '../outbox.ts'
import { CasePage } from '../pages/case-page.ts'
import { ReportPages, reveal } from '../pages/report-pages.ts'
import { type Product, startProduct } from '../product.ts'

let product: Product
let provider: Server

test.beforeAll(async () => {
  const [port, own] = [await freePort(), await freePort()]
  const PUBLIC_URL = `http://127.0.0.1:${own}`
  provider = startIdentityProvider(port, PUBLIC_URL)
  product = await startProduct({
    PORT: String(own),
    PUBLIC_URL,
    OIDC_ISSUER: `http://127.0.0.1:${port}`,
    OIDC_NAME: 'VNeID',
    OIDC_CLIENT_ID: CLIENT.id,
    OIDC_CLIENT_SECRET: CLIENT.secret,
    OIDC_SCOPE: 'openid profile',
    OIDC_CLAIM_NAME: 'name',
    OIDC_CLAIM_NATIONAL_ID: 'vn_id',
  })
})
test.afterAll(async () => {
  provider.close()
  provider.closeAllConnections()
  await product.stop()
})

/** Signs in at the provider, and consents to the transfer of data. */
async function identifyAs(page: Page, login: string): Promise<void> {
  await page.locator('[name="login"]').fill(login)
  await page.locator('[name="password"]').fill('anything')
  await page.locator('button[type="submit"]').click()
  await page.locator('form button[type="submit"]').click()
}

const MINE = '/ho-so/cua-toi'

test('a person signs in, reports, adds a case sent before, and leaves nothing behind, at the provider neither', async ({
  browser,
}) => {
  const outbox = new Outbox(join(product.dataDir, 'outbox'))
  const visitor = async () => {
    const context = await browser.newContext({ baseURL: product.url })
    // The provider's pages load fonts from elsewhere, and the test would wait for them.
    await context.route(/googleapis/, (route) => route.abort())
    return context.newPage()
  }
  const guest = new ReportPages(await visitor(), 'vi', outbox)
  const answers = newAnswers()
  const sentBefore = await guest.file(answers)
  await expectAccessible(guest.page)
  await reveal(guest.page.locator('a[href^="/api/citizen/sign-in"]'))
  await expect(guest.page.locator('a[href^="/api/citizen/sign-in"]')).toBeVisible()

  const page = await visitor()
  await page.goto(MINE)
  await expectAccessible(page)
  // The address to return to is always within this site.
  await page.goto(`/api/citizen/sign-in?${new URLSearchParams({ to: '//evil.example/\\@evil' })}`)
  const [came] = await Promise.all([
    page.waitForRequest((request) => request.url().includes('/api/citizen/callback')),
    identifyAs(page, 'lan'),
  ])
  await page.waitForURL(`**${MINE}`)
  const list = page.locator('main li[data-case-number]')
  await expect(list).toHaveCount(0)

  const report = new ReportPages(page, 'vi', outbox)
  const own = newAnswers({ fullName: 'Nguyễn Thị Lan', nationalId: '079199012345', imei2: '' })
  await report.open()
  await report.fillInTo('fullName', own)
  await expect(page.locator('[name="fullName"]')).toHaveValue('Nguyễn Thị Lan')
  await expect(page.locator('[name="nationalId"]')).toHaveValue('079199012345')
  await report.fillInFromHere(own)
  const sentSignedIn = await report.send()
  await expect(page.locator('[data-listed="true"]')).toBeVisible()

  await page.goto(MINE)
  await expect(list).toHaveCount(1)
  await expect(list).toHaveAttribute('data-case-number', sentSignedIn.number)
  await page.locator('[name="caseNumber"]:not([type="hidden"])').fill(sentBefore.number)
  await page.locator('[name="caseSecret"]').fill(sentSignedIn.secret)
  const add = page.locator('form:has([name="caseSecret"]) button')
  await add.click()
  await expect(page.locator('[data-error-for="caseSecret"]')).toBeVisible()
  await page.locator('[name="caseSecret"]').fill(sentBefore.secret)
  await add.click()
  await page.waitForURL(/done=added/)
  await expect(list).toHaveCount(2)
  await expectAccessible(page)

  await page.locator(`[data-case-number="${sentBefore.number}"] form button`).first().click()
  await page.waitForURL(`**/ho-so/${sentBefore.number}`)
  await expect(page.locator('[data-listed="own"]')).toBeVisible()
  await expectAccessible(page)

  await page.goto(MINE)
  await page.locator('form[action="/api/citizen/sign-out"] button').first().click()
  await page.waitForURL(/done=signed_out/)
  await expect(list).toHaveCount(0)
  await expectAccessible(page)
  const leaving = page.waitForRequest((request) => request.url().includes('/session/end?'))
  await page.locator('a[href="/api/citizen/sign-out"]').click()
  const told = new URL((await leaving).url()).searchParams
  expect([...told.keys()].toSorted()).toEqual(['client_id', 'post_logout_redirect_uri', 'state'])
  await page.locator('button[name="logout"]').click()
  await page.waitForURL(/done=signed_out_there/)
  await expect(page.locator('[role="status"]')).toBeVisible()
  await page.goto('/api/citizen/signed-out?state=//evil.example/')
  await page.waitForURL(`**${MINE}?done=signed_out_there`)
  // Signing out also closed the case that was open. The provider's old answer starts no second session.
  await page.goto(`/ho-so/${sentBefore.number}`)
  await page.waitForURL(/\/ho-so\?/)
  await page.goto(came.url())
  await page.waitForURL(/fault=expired/)
  await expect(list).toHaveCount(0)

  // The guest has the secret, sees that the case is in a list, and removes it from there.
  const casePage = new CasePage(guest.page, 'vi')
  await casePage.open(sentBefore)
  const listing = guest.page.locator('[data-listed="other"]')
  await listing.locator('summary').click()
  await listing.locator('button').click()
  await expect(listing).toHaveCount(0)
  await casePage.open(sentBefore)
  await expect(listing).toHaveCount(0)
})
