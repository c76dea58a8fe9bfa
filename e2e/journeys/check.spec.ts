import { expect, expectAccessible, test } from '../fixtures.ts'

const PATHS = { vi: '/kiem-tra-imei', en: '/en/check' } as const
/** Of a phone that nobody has reported: a whole number, and one whose check digit is wrong. */
const IMEI = '356789103141592'
const WRONG = '356789103141590'

test('a phone is checked on the page, and a wrong number is told beside its field', {
  tag: ['@without-javascript', '@phone'],
}, async ({ page, language, javaScriptEnabled, request }) => {
  // axe waits for timers, which do not run in a page without scripts; the markup is the same.
  const accessible = async () => {
    if (javaScriptEnabled !== false) await expectAccessible(page)
  }
  await page.goto(PATHS[language])
  const field = page.locator('[name=imei]')
  const submit = page.locator('main form button[type=submit]')
  await expect(page.locator('[data-imei-result]')).toHaveCount(0)
  await accessible()

  await field.fill(WRONG)
  // Said while it is typed; without a script the server says it.
  const typing = page.locator('.imei-live')
  if (javaScriptEnabled !== false) await expect(typing).toHaveAttribute('data-state', 'check_digit')
  await submit.click()
  await expect(page.locator('[data-imei-result]')).toHaveAttribute('data-imei-result', 'invalid')
  await expect(page.locator('[data-error-for=imei]')).toBeVisible()
  // By the server where there is no script, and once.
  await expect(page).toHaveTitle(/^(Lỗi|Error): (?!Lỗi|Error)/)
  await expect(page.locator('[data-error-summary] a')).toHaveAttribute('href', '#imei')
  await expect(page.locator('[data-error-summary] a')).toHaveText(/^(Số IMEI|IMEI): ./)
  // Grouped as on a label when the field is left.
  await expect(field).toHaveValue(javaScriptEnabled === false ? WRONG : '35 678910 314159 0')
  await accessible()

  await field.fill(IMEI.slice(0, 14))
  if (javaScriptEnabled !== false) await expect(typing).toHaveAttribute('data-state', 'right14')
  await submit.click()
  const result = page.locator('[data-imei-result=not_reported]')
  await expect(result).toBeVisible()
  await expect(result).toHaveAttribute('data-imei', IMEI)
  await expect(page).not.toHaveTitle(/^(Lỗi|Error): /)
  await expect(page.locator('[data-error-for=imei]')).toHaveCount(0)
  expect(page.url()).not.toContain(IMEI.slice(0, 8))
  await accessible()

  const answer = await request.get(`/api/v1/imei/${IMEI}`)
  expect(await answer.json()).toEqual({ imei: IMEI, valid: true, result: 'not_reported' })
})
