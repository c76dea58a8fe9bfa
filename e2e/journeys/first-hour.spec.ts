import { pathFor } from '#messages/paths.ts'
import { newAnswers } from '../answers.ts'
import { expect, expectAccessible, test } from '../fixtures.ts'

test('what was locked in the first hour is ticked before any form, and stands on the case', {
  tag: ['@without-javascript', '@phone'],
}, async ({ page, language, report, casePage, outbox }) => {
  await page.goto(pathFor(language, '/'))
  await page
    .locator(`main a[href="${pathFor(language, '/first-hour')}"]`)
    .first()
    .click()
  await expect(page.locator('a[href="https://www.android.com/lock"]')).toBeVisible()
  await expectAccessible(page)
  // An invalid time is reported beside its field, and the ticks are kept.
  await page.locator('[name="secured"][value="phone"]').check()
  await page.locator('[name="at"]').fill('chiều')
  await page.locator('[name="at"] ~ button').click()
  await expect(page.locator('[data-error-for="at"]')).toBeVisible()
  await expect(page.locator('[name="secured"][value="phone"]')).toBeChecked()
  await expectAccessible(page)
  // The hour begins when the phone was taken.
  const taken = new Date(Date.now() - 20 * 60_000 + 7 * 3_600_000).toISOString().slice(11, 16)
  await page.locator('[name="at"]').fill(taken)
  await page.locator('[name="at"] ~ button').click()
  const left = Number(await page.locator('[data-minutes-left]').getAttribute('data-minutes-left'))
  expect(left).toBeGreaterThan(37)
  expect(left).toBeLessThanOrEqual(41)
  await page.locator('[name="secured"][value="sim"]').check()
  await page.locator('main form .actions button').last().click()
  await expect(page).toHaveURL((url) => url.pathname === pathFor(language, '/report'))
  await expect(page.locator('[data-secured="phone sim"]')).toBeVisible()
  await expectAccessible(page)
  const answers = newAnswers()
  await report.fillInFromHere(answers)
  const receipt = await report.send()
  await casePage.open(receipt)
  const { page: own } = casePage
  await expect(own.locator('[data-secured="phone sim"]')).toContainText(
    language === 'vi' ? 'ví và ngân hàng' : 'wallets and banks',
  )
  // The text for the police's own channel contains this case's number and phone.
  const text = own.locator('[data-police-text]')
  await own.locator('details:has([data-police-text]) > summary').click()
  await expect(text).toHaveValue(new RegExp(`${answers.imei1}.*${receipt.number}`, 's'))
  // The person pastes a message and asks whether it is ours.
  await own.locator('[data-false-find] a').click()
  await expect.poll(() => outbox.messagesTo(answers.contactEmail).length).toBeGreaterThan(1)
  const whole = outbox.messagesTo(answers.contactEmail).at(-1) ?? ''
  const mail = whole.slice(whole.search(/\r?\n\r?\n/))
  const field = own.locator('[name="askedMessage"]')
  const ask = async (message: string) => {
    await field.fill(message)
    await own.locator('form:has([name="askedMessage"]) button[type="submit"]').click()
  }
  await ask('Máy của bạn đã được tìm thấy: https://icloud.example')
  await expect(own.locator('[data-error-for="askedMessage"]')).toBeVisible()
  await expectAccessible(own)
  await ask(mail)
  await expect(own.locator('[data-message-state="ours"]')).toContainText('t•••@e•••.vn')
  await expectAccessible(own)
  await ask(`${mail}\nhttps://an-tam.example.vn/dang-nhap`)
  await expect(own.locator('[data-message-state="altered"]')).toBeVisible()
  await ask('K7M-2P9-XQR')
  await expect(own.locator('[data-message-state="unknown"]')).toBeVisible()
  await expect(own.locator('[data-message-state="unknown"]')).not.toContainText('•••')
})
