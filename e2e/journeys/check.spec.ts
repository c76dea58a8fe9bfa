import { formatImei } from '#lib/imei/imei.ts'
import { drawPhoto } from '#tests/photos/draw.ts'
import { newImei, newWord } from '../answers.ts'
import { expect, expectAccessible, test } from '../fixtures.ts'
import { reveal } from '../pages/report-pages.ts'

const PATHS = { vi: '/kiem-tra-imei', en: '/en/check' } as const
/** A valid IMEI of a phone that nobody has reported, and one with a wrong check digit. */
const IMEI = '356789103141592'
const WRONG = '356789103141590'

test('a phone is checked on the page, and a wrong number is told beside its field', {
  tag: ['@without-javascript', '@phone'],
}, async ({ page, language, javaScriptEnabled, request }) => {
  // axe waits for timers, which do not run on a page without scripts. The markup is the same.
  const accessible = async () => {
    if (javaScriptEnabled !== false) await expectAccessible(page)
  }
  await page.goto(PATHS[language])
  const field = page.locator('[name=imei]')
  const submit = page.locator('main form button[type=submit]')
  await expect(page.locator('[data-imei-result]')).toHaveCount(0)
  await accessible()

  await field.fill(WRONG)
  // Shown while the person types. Without a script, the server shows it.
  const typing = page.locator('.imei-live')
  if (javaScriptEnabled !== false) await expect(typing).toHaveAttribute('data-state', 'check_digit')
  await submit.click()
  await expect(page.locator('[data-imei-result]')).toHaveAttribute('data-imei-result', 'invalid')
  await expect(page.locator('[data-error-for=imei]')).toBeVisible()
  // The server answers without a script, and the title has the prefix only once.
  await expect(page).toHaveTitle(/^(Lỗi|Error): (?!Lỗi|Error)/)
  await expect(page.locator('[data-error-summary] a')).toHaveAttribute('href', '#imei')
  await expect(page.locator('[data-error-summary] a')).toHaveText(/^(Số IMEI|IMEI): ./)
  // With a script, the digits are grouped like on a label when the field is left.
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

test('a photo of the screen is read here, and both its numbers are asked at one press', {
  tag: ['@phone'],
}, async ({ page, language }) => {
  const { imeis, jpeg } = await drawPhoto(16, 1)
  await page.goto(PATHS[language])
  await page
    .locator('[data-photo-reader] input[type="file"]')
    .last()
    .setInputFiles({ name: 'ảnh.jpg', mimeType: 'image/jpeg', buffer: jpeg })
  await expect(page.locator('[data-photo]')).toHaveAttribute('data-photo', 'found', { timeout: 40_000 })
  await expect(page.locator('[data-photo] [data-imei]')).toHaveCount(2)
  const posted: string[] = []
  page.on('request', (sent) => {
    if (sent.method() === 'POST') posted.push(new URL(sent.url()).pathname)
  })
  await expectAccessible(page)
  await page.locator('[data-photo] .grid button').click()
  await expect(page.locator('[data-imei-result=not_reported] [data-imei-answer]')).toHaveCount(2)
  for (const imei of imeis.slice(0, 2))
    await expect(page.locator('[data-imei-result]')).toContainText(formatImei(imei))
  // The photo stays on the device. Only the form with the two numbers is sent.
  expect(posted).toEqual([PATHS[language]])
  await expectAccessible(page)
})

test('both numbers of a phone are asked, and a change is told to the contact that shows its code', {
  tag: ['@without-javascript'],
}, async ({ page, language, outbox }) => {
  const second = newImei()
  await page.goto(PATHS[language])
  await page.locator('[name=imei]').fill(IMEI)
  await reveal(page.locator('[name=imei2]'))
  await page.locator('[name=imei2]').fill(`${second.slice(0, 14)}${(Number(second[14]) + 1) % 10}`)
  const submit = page.locator('form:has([name=imei]) button[type=submit]')
  await submit.click()
  await expect(page.locator('[data-error-for=imei2]')).toBeVisible()
  await expect(page.locator('form#watch button')).toBeHidden()
  await page.locator('[name=imei2]').fill(second)
  await submit.click()
  await expect(page.locator('[data-imei-answer=not_reported]')).toHaveCount(2)
  await page.locator('form#watch button').click()
  await page.waitForURL(/\/(nhan-tin|watch)$/)
  await expect(page.locator('main')).toContainText(formatImei(second))
  const form = (field: string) => page.locator(`form:has([name="${field}"]) button`).first()
  const contact = `mua.${newWord()}@example.vn`
  await page.locator('[name="contact"]').fill('mua@')
  await form('contact').click()
  await expect(page.locator('[data-error-for="contact"]')).toBeVisible()
  await page.locator('[name="contact"]').fill(contact)
  await form('contact').click()
  await page.locator('[name="contactCode"]').fill('000000')
  await form('contactCode').click()
  await expect(page.locator('[data-error-for="contactCode"]')).toBeVisible()
  await page.locator('[name="contactCode"]').fill(await outbox.code(contact))
  await expectAccessible(page)
  await form('contactCode').click()
  const watch = page.locator('[data-watch]')
  await expect(watch).toHaveCount(1)
  await expectAccessible(page)
  const kept = await page.request.get('/api/watch/data')
  expect((await kept.json()).watches[0].imeis).toEqual([IMEI, second])
  await watch.locator('button').click()
  await expect(watch).toHaveCount(0)
})
