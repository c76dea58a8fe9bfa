import type { Locator, Page } from '@playwright/test'
import sharp from 'sharp'
import { formatImei } from '#lib/imei/imei.ts'
import { pathFor } from '#messages/paths.ts'
import { drawPhoto } from '#tests/photos/draw.ts'
import { pdf } from '#tests/proof.ts'
import { newAnswers } from '../answers.ts'
import { expect, expectAccessible, test } from '../fixtures.ts'
import { Report } from '../forms/people.ts'

/** Numbers of pictures in tests/photos/draw.ts: the label of a phone with two slots, and a settings page. */
const LABEL = 1
const SETTINGS = 6

const file = (name: string, mimeType: string, buffer: Buffer) => ({ name, mimeType, buffer })
const drawn = async (number: number) => {
  const { imeis, jpeg } = await drawPhoto(16, number)
  return { imeis, photo: file('Nhãn hộp.jpg', 'image/jpeg', jpeg) }
}

/** Opens the page that asks for the IMEI, in a report that has reached it. */
async function toPhone(page: Page, language: 'vi' | 'en'): Promise<void> {
  const begun = new Report()
  await begun.toPhone()
  await begun.handTo(page, pathFor(language, '/report/phone'))
}

const picker = (page: Page): Locator => page.locator('[data-photo-reader] input[type="file"]').last()
const state = (page: Page): Locator => page.locator('[data-photo]')
const another = (page: Page): Locator =>
  page.locator('[data-photo] button', { hasText: /Chụp ảnh khác|Use another photo/ })

test('a photo of the label gives its numbers when they are pressed, and becomes the first proof', {
  tag: ['@without-javascript'],
}, async ({ page, report, language, javaScriptEnabled }) => {
  const refused: string[] = []
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) refused.push(message.text())
  })
  await toPhone(page, language)
  if (!javaScriptEnabled) {
    await expect(page.locator('[data-photo-reader]')).toBeHidden()
    await expect(page.locator('[name="imei1"]')).toBeVisible()
    return
  }
  const { imeis, photo } = await drawn(LABEL)
  await picker(page).setInputFiles(photo)
  await expect(state(page)).toHaveAttribute('data-photo', 'found', { timeout: 40_000 })
  const [one = '', two = ''] = imeis
  await expect(page.locator('[data-imei]')).toHaveCount(2)
  await expect(page.locator('[name="imei1"]')).toHaveValue('')
  await expectAccessible(page)

  await page.locator(`[data-imei="${one}"]`).click()
  await expect(page.locator('[name="imei1"]')).toHaveValue(formatImei(one))
  await page.locator(`[data-imei="${two}"]`).click()
  await expect(page.locator('[name="imei2"]')).toHaveValue(formatImei(two))
  await expect(page.locator(`[data-imei="${two}"]`)).toHaveAttribute('aria-pressed', 'true')
  await expect(page.locator('[data-photo-proof]')).toHaveAttribute('data-photo-proof', 'stored')
  expect(refused).toEqual([])
  // Another photo replaces the first one on the page but not in the draft, and the page says so.
  await another(page).click()
  await expect(page.locator('[data-photo-before]')).toContainText(
    language === 'vi' ? 'Ảnh trước đã gửi' : 'The photo before was sent',
  )

  const answers = { ...newAnswers(), imei1: one, imei2: two }
  // A draft that has a proof does not ask for one.
  while ((await report.step('send').count()) === 0) await report.onward(answers)
  await page.goto(pathFor(language, '/report/evidence'))
  await expect(page.locator('[data-evidence]')).toHaveCount(1)
  await expect(page.locator('[data-evidence]')).toContainText('Nhãn hộp.jpg')
})

test('what is no label is told so, and typing goes on', async ({ page, language, javaScriptEnabled }) => {
  test.skip(!javaScriptEnabled, 'without a script there is no reader')
  await toPhone(page, language)
  for (const [name, type, content] of [
    ['trống.jpg', 'image/jpeg', Buffer.alloc(0)],
    ['hóa đơn.pdf', 'application/pdf', pdf()],
    [
      'hỏng.jpg',
      'image/jpeg',
      Buffer.from('\xff\xd8\xff not a picture at all, only its first bytes', 'latin1'),
    ],
  ] as const) {
    await picker(page).setInputFiles(file(name, type, content))
    await expect(state(page)).toHaveAttribute('data-photo', 'failed')
    await another(page).click()
  }
  // If the worker does not load, the page says so, and the person types the number.
  await page.route(/worker/, (route) => route.abort())
  await picker(page).setInputFiles((await drawn(LABEL)).photo)
  await expect(state(page)).toHaveAttribute('data-photo', 'failed')
  await expect(state(page)).toContainText(language === 'vi' ? 'Bạn gõ số' : 'Type the number')
  const { imei1 } = newAnswers()
  await page.locator('[name="imei1"]').fill(imei1)
  await expect(page.locator('.imei-live').first()).toHaveAttribute('data-state', 'right')
  await page.locator('[name="imei1"]').blur()
  await expect(page.locator('[name="imei1"]')).toHaveValue(formatImei(imei1))
})

test('a photo of 60 megapixels is read, and a smaller copy of it is the proof', { tag: ['@full'] }, async ({
  page,
  language,
  javaScriptEnabled,
}) => {
  test.skip(!javaScriptEnabled, 'without a script there is no reader')
  await toPhone(page, language)
  const { imeis, photo } = await drawn(LABEL)
  const buffer = await sharp(photo.buffer)
    .resize({ width: 9000, height: 6750, fit: 'contain', background: '#777' })
    .jpeg({ quality: 80 })
    .toBuffer()
  await picker(page).setInputFiles({ ...photo, buffer })
  await expect(state(page)).toHaveAttribute('data-photo', 'found', { timeout: 40_000 })
  for (const imei of imeis) await expect(page.locator(`[data-imei="${imei}"]`)).toBeVisible()
  await page.locator(`[data-imei="${imeis[0]}"]`).click()
  await expect(page.locator('[data-photo-proof]')).toHaveAttribute('data-photo-proof', 'stored')
})

test('text is read on request alone', { tag: ['@full'] }, async ({ page, language, javaScriptEnabled }) => {
  test.skip(!javaScriptEnabled, 'without a script there is no reader')
  const fetched: string[] = []
  page.on('request', (request) => fetched.push(request.url()))
  await toPhone(page, language)
  const heavy = () => fetched.filter((url) => /tesseract|traineddata/.test(url))
  const { imeis, photo } = await drawn(SETTINGS)
  await picker(page).setInputFiles(photo)
  await expect(state(page)).toHaveAttribute('data-photo', 'none', { timeout: 40_000 })
  expect(heavy()).toEqual([])
  await page.locator('[data-photo] button[data-look="quiet"]').click()
  await expect(state(page)).toHaveAttribute('data-photo', 'found', { timeout: 120_000 })
  for (const imei of imeis) await expect(page.locator(`[data-imei="${imei}"]`)).toBeVisible()
  expect(heavy().every((url) => url.startsWith(new URL(page.url()).origin))).toBe(true)
})
