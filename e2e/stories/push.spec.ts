import { once } from 'node:events'
import { receiver } from '../../tools/carriers/webhook.ts'
import { account, expect, expectAccessible, test } from '../fixtures.ts'
import { reveal } from '../pages/report-pages.ts'

test('the relay has a carrier pushed to: a wrong address is told beside its field, a secret is shown once, a test message arrives', async ({
  signIn,
}) => {
  const carrier = process.env.E2E_PUSH_TO ?? ''
  const relay = await signIn(account('relay'))
  const colleague = await signIn(account('relay', undefined, 1))
  const { page } = relay
  await relay.openSection('nha-mang/gmobile')
  const save = page.locator('#delivery button')
  const url = page.locator('[name="webhookUrl"]')

  await reveal(url)
  await page.locator('[name="way"][value="push"]').check()
  await url.fill('https://169.254.169.254/latest')
  await relay.press(save)
  await expect(page.locator('[data-error-for="webhookUrl"]')).toBeVisible()
  await expect(page.locator('[name="way"][value="push"]')).toBeChecked()
  await expectAccessible(page)
  await url.fill(`${carrier}/an-tam`)
  await relay.press(save)
  await page.waitForURL(/done=requested/)
  const confirmAs = async (kind: string) => {
    await colleague.openSection('xac-nhan')
    await expectAccessible(colleague.page)
    const card = colleague.page.locator(`[data-kind="${kind}"]`, { hasText: 'Gmobile' })
    await colleague.press(card.locator('form button').first())
    await colleague.page.waitForURL(/done=confirmed/)
    await relay.openSection('nha-mang/gmobile')
  }
  // Nothing is sent to the address before a second person of the relay has confirmed it.
  await expect(page.locator('[data-push-state]')).toHaveCount(0)
  await confirmAs('carrier.way')
  await expect(page.locator('[data-push-state="no_secret"]')).toBeVisible()

  await relay.press(page.locator('#make-secret button'))
  await page.waitForURL(/done=requested/)
  await confirmAs('carrier.secret')
  const take = page.locator('form:has([name="approvalId"])')
  await relay.press(take.locator('button'))
  await expect(page.locator('main')).toContainText('whsec_')
  const shown = await page.locator('main [role="status"]', { hasText: 'whsec_' }).textContent()
  const secret = /whsec_\S+/.exec(shown ?? '')?.[0] ?? ''
  await relay.openSection('nha-mang/gmobile')
  await expect(page.locator('[data-push-state="live"]')).toBeVisible()
  expect(await page.content()).not.toContain(secret)

  let taken = 0
  const server = receiver([secret], async () => {
    taken++
    return true
  }).listen(Number(new URL(carrier).port), '127.0.0.1')
  await once(server, 'listening')
  try {
    await relay.press(page.locator('#test button'))
    await page.waitForURL(/done=test_received/)
    await expect(page.locator('[data-push-fault=""]').first()).toBeVisible()
    expect(taken).toBeGreaterThan(0)
    await expectAccessible(page)
  } finally {
    await reveal(url)
    await page.locator('[name="way"][value="pull"]').check()
    await relay.press(save)
    await page.waitForURL(/done=requested/)
    await confirmAs('carrier.way')
    server.close()
  }
  await expect(page.locator('[data-push-state="paused"]')).toBeVisible()
})
