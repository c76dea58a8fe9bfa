import { account, dataDir, expect, expectAccessible, productUrl, test } from '../fixtures.ts'
import { reveal } from '../pages/report-pages.ts'
import { StaffPages } from '../pages/staff-pages.ts'
import { addPasskeyDevice } from '../passkey-device.ts'

test('an auditor registers a passkey, signs in with it alone, and removes it with it', async ({
  browser,
  outbox,
}) => {
  const who = account('auditor')
  // A passkey is bound to a host name, so an IP address does not work.
  const baseURL = productUrl().replace('127.0.0.1', 'localhost')
  const page = await (await browser.newContext({ baseURL })).newPage()
  const staff = new StaffPages(page, 'vi', who, dataDir())
  await staff.signIn()
  const { devices, authenticatorId } = await addPasskeyDevice(page)
  await staff.openSection('tai-khoan-cua-toi')
  const section = page.locator('#passkeys')
  const name = section.locator('[name="passkeyName"]')
  const add = section.locator('form button[type=submit]')
  await reveal(name)
  // Without a name, nothing is registered, and the code is kept.
  await staff.press(add)
  await expect(section.locator('[data-error-for="passkeyName"]')).toBeVisible()
  await name.fill('Máy bàn')
  // The code that was just entered still counts for the same form.
  await add.click()
  await section.locator('[data-passkey-step] [data-passkey]').click()
  const row = page.locator('[data-passkey-row="Máy bàn"]')
  await expect(row).toBeVisible()
  await page.waitForURL((url) => url.searchParams.get('done') === 'passkey')
  const told = () => outbox.messagesTo(who.email).some((one) => one.includes('passkey'))
  await expect.poll(told).toBe(true)
  await expectAccessible(page)

  // In a browser without a session, the person types nothing.
  await page.context().clearCookies()
  await staff.openSection('nhat-ky')
  await page.waitForURL(/dang-nhap/)
  await expectAccessible(page)
  const button = page.locator('#with-passkey [data-passkey]')
  // The device did not verify its owner, or the person cancelled.
  await devices.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false })
  await button.click()
  await expect(page.locator('#with-passkey [role="status"]')).not.toBeEmpty()
  await devices.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true })
  await button.click()
  await page.waitForURL(/quan-tri\/nhat-ky/)

  // The passkey replaces the code, and sends a form with a single button.
  await staff.openSection('tai-khoan-cua-toi')
  await reveal(row)
  await row.locator('a').click()
  await page.locator('#remove-passkey [data-passkey]').click()
  await page.waitForURL((url) => url.searchParams.get('done') === 'no_passkey')
  await expect(row).toHaveCount(0)
})
