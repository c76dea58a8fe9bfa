import { createECDH, randomBytes } from 'node:crypto'
import type { Page, TestInfo } from '@playwright/test'
import { newAnswers } from '../answers.ts'
import { expect, expectAccessible, productUrl, test } from '../fixtures.ts'
import { Report } from '../forms/people.ts'

const browserKeys = createECDH('prime256v1')
browserKeys.generateKeys()

/** Stands in for the browser's push service, which is not available in a test. Everything else is the browser's own. */
const fakeService = ({ endpoint, p256dh, auth }: Record<'endpoint' | 'p256dh' | 'auth', string>) => {
  const made = { options: { applicationServerKey: null }, unsubscribe: async () => true }
  const toJSON = () => ({ endpoint, expirationTime: null, keys: { p256dh, auth } })
  let one: object | null = null
  Object.assign(PushManager.prototype, {
    getSubscription: async () => one,
    subscribe: async () => {
      one = { ...made, toJSON }
      return one
    },
  })
}

/** Returns the address and text of everything that the site has in this browser's caches. */
const kept = (page: Page) =>
  page.evaluate(async () => {
    const all = await Promise.all((await caches.keys()).map((name) => caches.open(name)))
    const found = await Promise.all(
      all.map(async (cache) =>
        Promise.all(
          (await cache.keys()).map(async (key) => [
            new URL(key.url).pathname,
            await (await cache.match(key))?.text(),
          ]),
        ),
      ),
    )
    return Object.fromEntries(found.flat()) as Record<string, string>
  })

const shoot = async (page: Page, info: TestInfo, name: string) => {
  if (process.env.E2E_PICTURES)
    await page.screenshot({ path: info.outputPath(`${name}.png`), fullPage: true })
}

test('a device of one’s own is told that there is news, and shows whom to call without a network', async ({
  browser,
}, info) => {
  const { number, secret } = await new Report(newAnswers()).file()
  const context = await browser.newContext({ baseURL: productUrl(), viewport: { width: 360, height: 740 } })
  await context.grantPermissions(['notifications'])
  await context.addInitScript(fakeService, {
    endpoint: `${process.env.E2E_PUSH_TO}/device`,
    p256dh: browserKeys.getPublicKey('base64url'),
    auth: randomBytes(16).toString('base64url'),
  })
  const page = await context.newPage()
  await page.goto(`/k/${number}.${secret}`)
  const card = page.locator('#devices')
  const choose = card.locator('[data-device-switch="ready"] button')
  await card.locator('summary').click()
  await choose.click()
  await expect(card.locator('[data-error-for="ownDevice"]')).toBeVisible()
  expect(
    await page.evaluate(() => navigator.serviceWorker.getRegistrations().then((all) => all.length)),
  ).toBe(0)
  await shoot(page, info, 'refused')
  await card.locator('[name="ownDevice"]').check()
  await choose.click()
  await expect(card.locator('[data-device="here"]')).toBeVisible()
  await expectAccessible(page)
  await shoot(page, info, 'chosen')

  const headline = (await page.locator('h1').textContent()) ?? ''
  await expect
    .poll(() => kept(page))
    .toMatchObject({ '/api/offline/seen': expect.stringContaining(headline) })
  await expect.poll(async () => Object.keys(await kept(page))).toEqual(['/api/offline/seen', '/api/offline'])
  await context.setOffline(true)
  await page.reload()
  await expect(page.locator('[data-seen]')).toContainText(headline)
  await expect(page.locator('a[href="tel:1022"]')).toBeVisible()
  await shoot(page, info, 'offline')
  // The caches contain no case number, and no person's page.
  expect(JSON.stringify(await kept(page))).not.toContain(number)
  await context.setOffline(false)
  await page.reload()
  await expect(card.locator('[data-device="here"]')).toBeVisible()

  // Captures the notifications, because this browser cannot show them.
  const [worker] = context.serviceWorkers()
  if (!worker) throw new Error('there is no worker')
  await worker.evaluate(() => {
    const shown: unknown[] = []
    const { registration } = globalThis as unknown as { registration: ServiceWorkerRegistration }
    registration.showNotification = async (title, { body, data } = {}) =>
      void shown.push({ title, body, data })
    Object.assign(globalThis, { shown })
  })
  const session = await context.newCDPSession(page)
  const registered = new Promise<string>((found) =>
    session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations: [one] }) =>
      one ? found(one.registrationId) : undefined,
    ),
  )
  await session.send('ServiceWorker.enable')
  const news = { body: `Hồ sơ ${number}: có tin mới`, url: `/ho-so/${number}` }
  const { origin } = new URL(productUrl())
  const registrationId = await registered
  await session.send('ServiceWorker.deliverPushMessage', {
    origin,
    registrationId,
    data: JSON.stringify(news),
  })
  // A message that links to another site opens our own first page instead.
  const foreign = JSON.stringify({ body: 'x', url: '//attacker.example/x' })
  await session.send('ServiceWorker.deliverPushMessage', { origin, registrationId, data: foreign })
  const shown = () => worker.evaluate(() => (globalThis as unknown as { shown: unknown[] }).shown)
  await expect.poll(shown).toEqual([
    { title: 'An Tâm', body: news.body, data: news.url },
    { title: 'An Tâm', body: 'Có tin mới', data: '/' },
  ])

  await card.locator('[data-device="here"] button').click()
  await expect(card.locator('[data-device-switch="ready"]')).toBeAttached()
  const left = () =>
    page.evaluate(async () => [
      (await navigator.serviceWorker.getRegistrations()).length,
      ...(await caches.keys()),
    ])
  await expect.poll(left).toEqual([0])
  await context.close()
})

test('no device is offered in a browser that has sent a report without calling it its person’s own', async ({
  browser,
}) => {
  const report = new Report(newAnswers())
  const { number, secret } = await report.file()
  const context = await browser.newContext({ baseURL: productUrl() })
  await context.addCookies([{ name: 'antam-receipts', value: 'a'.repeat(43), url: productUrl() }])
  const page = await context.newPage()
  await page.goto(`/k/${number}.${secret}`)
  await expect(page.locator('[data-case-status]').first()).toBeVisible()
  await expect(page.locator('#devices form')).toHaveCount(0)
  await context.close()
})
