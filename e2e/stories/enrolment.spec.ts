import { newWord } from '../answers.ts'
import { codeOf } from '../codes.ts'
import { account, expect, expectAccessible, test } from '../fixtures.ts'

test('an officer is invited by one person and confirmed by another, and without a script opens the mailed link', async ({
  signIn,
  page: withScript,
  browser,
  baseURL,
  outbox,
}) => {
  const admin = await signIn(account('admin'))
  await admin.openSection('tai-khoan')
  const email = `moi-${newWord()}@congan.example`
  await admin.page.locator('main details:has([name="role"]) > summary').click()
  await admin.page.locator('[name="name"]').fill('Nguyễn Thị Mới')
  await admin.page.locator('[name="email"]').fill(email)
  await admin.page.locator('[name="role"]').selectOption('officer')
  await admin.page.locator('[name="unitId"]').selectOption('quan-3')
  await admin.press(admin.page.locator('form:has([name="role"]) button').first())
  await expect(admin.page.locator('main [role="status"]')).not.toContainText('/k/')
  expect(outbox.messagesTo(email)).toEqual([])

  // The person who asked cannot confirm. A supervisor of the district can.
  const requestOf = (page: typeof admin.page) => page.locator('[data-request]', { hasText: email })
  await admin.openSection('xac-nhan')
  await expect(requestOf(admin.page).locator('form')).toHaveCount(1)
  const supervisor = await signIn(account('supervisor', 'quan-3'))
  await supervisor.openSection('xac-nhan')
  await expectAccessible(supervisor.page)
  await supervisor.press(requestOf(supervisor.page).locator('form button').first())
  await supervisor.page.waitForURL((url) => url.searchParams.get('done') === 'confirmed')
  await expect(requestOf(supervisor.page)).toHaveCount(0)
  const link = await outbox.link(email)

  await withScript.goto(link)
  await withScript.waitForURL((url) => url.pathname === '/dang-nhap/loi-moi' && url.search === '')
  await expectAccessible(withScript)
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL: baseURL ?? '' })
  const page = await context.newPage()
  await page.goto(link)
  const shown = page.locator('[data-totp-secret]')
  const secret = (await shown.getAttribute('data-totp-secret')) ?? ''
  // Another browser with the link is offered another secret. This browser is offered the same one again.
  await expect(withScript.locator('[data-totp-secret]')).not.toHaveAttribute('data-totp-secret', secret)
  await page.reload()
  await expect(shown).toHaveAttribute('data-totp-secret', secret)
  const password = 'con mèo ngủ trên mái nhà đỏ'
  const accept = async (otp: string) => {
    await page.locator('[name="password"]').fill(password)
    await page.locator('[name="passwordAgain"]').fill(password)
    await page.locator('[name="otp"]').fill(otp)
    await page.locator('main form button').last().click()
  }
  await accept('000000')
  await expect(page.locator('[data-error-for="otp"]')).toBeVisible()
  await expect(shown).toHaveAttribute('data-totp-secret', secret)
  await accept(codeOf(secret))
  const codes = page.locator('[data-recovery-codes] code')
  await expect(codes).toHaveCount(10)
  const code = (await codes.first().textContent()) ?? ''
  await page.locator('main a.button').click()

  await page.locator('[name="email"]').fill(email)
  await page.locator('[name="password"]').fill(password)
  await page.locator('[name="otp"]').fill(code.toLowerCase())
  await page.locator('form:has([name="password"]) button').first().click()
  await page.waitForURL('**/quan-tri/ho-so')
  // A new account can read at once, but cannot decide yet.
  await expect(page.locator('[data-account-waiting]')).toBeVisible()
  await context.close()
})
