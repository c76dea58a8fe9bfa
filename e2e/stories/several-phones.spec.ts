import { randomInt } from 'node:crypto'
import { newAnswers, newImei } from '../answers.ts'
import { expect, expectAccessible, test } from '../fixtures.ts'
import { ReportPages, reveal } from '../pages/report-pages.ts'

test.use({ language: 'vi', viewport: { width: 360, height: 740 } })

test('two contacts, a fault that goes while it is put right, another phone, and the way back after clearing', async ({
  page,
  outbox,
}) => {
  const report = new ReportPages(page, 'vi', outbox)
  const contactPhone = `0${randomInt(900_000_000, 909_999_999)}`
  const answers = newAnswers({ contactPhone, imei2: '', phoneNumber1: '' })
  const { imei1 } = answers
  await report.open()

  // Nothing was answered. Each error disappears with its own answer, and the summary with the last one.
  await report.step('next').click()
  await expect(report.error('incidentType')).toBeVisible()
  await page.locator('[name="incidentType"][value="snatched"]').check()
  await expect(report.error('incidentType')).toHaveCount(0)
  await page.locator('[name="incidentWhen"][value="now"]').check()
  await expect(report.error('incidentWhen')).toHaveCount(0)
  await page.locator('#district-search').fill('p bến nghé')
  await expect(page.locator('select[name="district"]')).toHaveValue('quan-1')
  await report.next()

  await report.onward(answers)
  const international = `+84${contactPhone.slice(1)}`
  await expect.poll(() => outbox.codesTo(international).length).toBe(1)
  await page.locator('[name="contactCode"]').fill(await outbox.code(international))
  await report.next()

  const last = Number(imei1.at(-1))
  await page.locator('[name="imei1"]').fill(`${imei1.slice(0, -1)}${(last + 1) % 10}`)
  await report.step('next').click()
  await expect(report.error('imei1')).toBeVisible()
  await page.locator('[name="imei1"]').fill(imei1)
  await expect(report.error('imei1')).toHaveCount(0)
  await expect(page.locator('[data-error-summary]')).toHaveCount(0)
  await report.next()

  // The phone number was confirmed. The last page still offers to confirm the address.
  while ((await report.step('send').count()) === 0) await report.onward(answers)
  await page.getByRole('link', { name: 'chưa xác nhận, nhập mã' }).click()
  await page.locator('[name="contactCode"]').fill(await outbox.code(answers.contactEmail))
  await report.next()
  await expect(page.getByRole('link', { name: 'chưa xác nhận, nhập mã' })).toHaveCount(0)
  await expectAccessible(page)
  for (const consent of ['consentProcessing', 'consentCarriers', 'declareTrue'])
    await page.locator(`[name="${consent}"]`).check()
  const first = await report.send()
  for (const contact of [international, answers.contactEmail])
    await expect.poll(() => outbox.messagesTo(contact).some((text) => text.includes(first.number))).toBe(true)

  const button = page.locator('button', { hasText: 'Báo thêm một máy' })
  await reveal(button)
  await button.click()
  await expect(page.locator('[name="imei1"]')).toBeVisible()
  await page.locator('[name="imei1"]').fill(newImei())
  await report.next()
  await report.fillInFromHere(answers)
  const second = await report.send()
  expect(second.number).not.toBe(first.number)

  await page.getByRole('button', { name: 'Xóa khỏi máy này' }).first().click()
  await page.waitForURL(/da-ket-thuc/)
  await page.goBack()
  await expect(page.locator('[data-receipt-closed] h1')).toHaveText('Giấy tiếp nhận không còn trên máy này')
  await expect(page.locator('[data-case-number]')).toHaveCount(0)
  await expectAccessible(page)
})
