import { newWord } from '../answers.ts'
import { codeOf } from '../codes.ts'
import { account, expect, expectAccessible, test } from '../fixtures.ts'

test('without a script: an invitation becomes a password, an app and recovery codes, and one of these signs in', async ({
  signIn,
  page: withScript,
  browser,
  baseURL,
}) => {
  const admin = await signIn(account('admin'))
  await admin.openSection('tai-khoan')
  const email = `moi-${newWord()}@congan.example`
  await admin.page.locator('[name="name"]').fill('Nguyễn Thị Mới')
  await admin.page.locator('[name="email"]').fill(email)
  await admin.page.locator('[name="role"]').selectOption('auditor')
  await admin.press(admin.page.locator('form:has([name="role"]) button').first())
  const link = /https?:\S+token=\S+/.exec(
    (await admin.page.locator('main [role="status"]').textContent()) ?? '',
  )?.[0]

  await withScript.goto(link ?? '')
  await expectAccessible(withScript)
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL: baseURL ?? '' })
  const page = await context.newPage()
  await page.goto(link ?? '')
  const shown = page.locator('[data-totp-secret]')
  const secret = (await shown.getAttribute('data-totp-secret')) ?? ''
  // Another browser with the link is offered another; opened again in this one it is the same.
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
  await page.waitForURL('**/quan-tri/nhat-ky')
  await context.close()
})
