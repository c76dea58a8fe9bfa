import { newAnswers, newImei } from '../answers.ts'
import { account, expect, expectAccessible, test } from '../fixtures.ts'
import { blocked, Report } from '../forms/people.ts'
import { ReportPages, reveal } from '../pages/report-pages.ts'

test('a withdrawal can be undone; a rejection can be appealed once, and another officer decides', async ({
  casePage,
  signIn,
}) => {
  const receipt = await new Report(newAnswers()).file()
  await casePage.open(receipt)
  await casePage.do('withdraw', '')
  await expect(casePage.act('undo_withdraw')).toHaveCount(1)
  await casePage.do('undo_withdraw', '')
  await expect(casePage.act('withdraw')).toHaveCount(1)

  const officer = await signIn(account('officer', 'quan-3', 0))
  await officer.openCase(receipt.number)
  await officer.decide('take', 'under_review')
  await officer.decide('reject', 'rejected', {
    reasonCode: 'insufficient_proof',
    reason: 'Ảnh không đọc được số IMEI.',
  })
  await casePage.waitFor('rejected')
  await expect(casePage.page.locator('main')).toContainText('Ảnh không đọc được số IMEI.')
  await casePage.do('appeal', 'Tôi gửi lại ảnh rõ hơn.', true)
  await casePage.waitFor('under_review')
  await officer.openCase(receipt.number)
  await expect(officer.decision('take')).toHaveCount(0)
  await expect(officer.decision('verify')).toHaveCount(0)
  // The citizen's message is shown as theirs, not as a message of the police.
  const history = officer.page.locator('main')
  await expect(history).toContainText('Người báo viết: Tôi gửi lại ảnh rõ hơn.')
  await expect(history).toContainText('Kèm 1 tệp')

  const colleague = await signIn(account('officer', 'quan-3', 1))
  await colleague.openCase(receipt.number)
  await colleague.decide('take', 'under_review')
  await colleague.decide('reject', 'rejected', {
    reasonCode: 'not_owner',
    reason: 'Hóa đơn mang tên người khác.',
  })
  await casePage.waitFor('rejected')
  await expect(casePage.act('appeal')).toHaveCount(0)
})

test('the IMEI of the other SIM slot is added on the case page, and a wrong one is told beside its field', async ({
  casePage,
}) => {
  const receipt = await new Report(newAnswers()).file()
  await casePage.open(receipt)
  const button = casePage.act('add_imei')
  const send = async (imei: string) => {
    await reveal(button)
    await button.locator('xpath=ancestor::form').locator('[name="imei1"]').fill(imei)
    await Promise.all([casePage.page.waitForEvent('load'), button.click()])
  }
  const second = newImei()
  const wrong = second.slice(0, 14) + ((Number(second[14]) + 1) % 10)
  await send(wrong)
  const form = button.locator('xpath=ancestor::form')
  await expect(form.locator('[data-error-for="imei1"]')).toBeVisible()
  // The number is kept as typed, grouped like on a label.
  expect((await form.locator('[name="imei1"]').inputValue()).replaceAll(' ', '')).toBe(wrong)
  await expectAccessible(casePage.page)
  await send(second)
  await expect(casePage.page.getByText('Đã thêm số IMEI.')).toBeVisible()
  await expect(casePage.page.locator('main')).toContainText(second.slice(0, 2))
  await send(second)
  await expect(form.locator('[data-error-for="imei1"]')).toContainText('đã có trong hồ sơ của bạn')
})

test('an unblock that somebody else asked for is taken back with the secret, and the mail says where', async ({
  casePage,
  outbox,
}) => {
  const answers = newAnswers()
  const receipt = await blocked(answers)
  await casePage.open(receipt)
  await expect(casePage.act('undo_unblock')).toHaveCount(0)
  await casePage.do('request_unblock', '')
  await expect(casePage.status).toHaveAttribute('data-case-status', 'unblock_review')
  await expectAccessible(casePage.page)
  await expect
    .poll(() =>
      outbox.messagesTo(answers.contactEmail).some((mail) => mail.includes('“Rút yêu cầu mở chặn”')),
    )
    .toBe(true)
  await casePage.do('undo_unblock', '')
  await casePage.waitFor('blocked')
  await expect(casePage.page.locator('main')).toContainText('Bạn đã rút yêu cầu mở chặn')
})

test('a draft goes on in another browser by its contact and a code, and the first browser loses it', async ({
  browser,
  baseURL,
  report,
  outbox,
}) => {
  const answers = newAnswers()
  await report.fillIn(answers)
  const codes = outbox.codesTo(answers.contactEmail).length

  const elsewhere = await browser.newContext({ ...(baseURL && { baseURL }) })
  const page = await elsewhere.newPage()
  // The address in older messages redirects to the page that replaced it.
  await page.goto('/bao-mat-may/tiep-tuc')
  await page.waitForURL('**/ho-so/tim')
  await page.locator('[name="contact"]').fill(answers.contactEmail.toUpperCase())
  await page.locator('form:has([name="contact"]) button').first().click()
  await page.locator('[name="contactCode"]').fill(await outbox.code(answers.contactEmail, codes))
  await expectAccessible(page)
  expect(page.url()).not.toContain(answers.contactEmail.split('@')[0])
  await page.locator('form:has([name="contactCode"]) button').first().click()
  await page.waitForURL(/\/bao-mat-may\/(?!tiep-tuc)/)
  const resumed = new ReportPages(page, 'vi', outbox)
  await page.goto('/bao-mat-may/xem-lai')
  await expect(page.locator('main')).toContainText(answers.fullName ?? '')
  for (const consent of ['consentProcessing', 'consentCarriers', 'declareTrue']) {
    await page.locator(`[name="${consent}"]`).check()
  }
  await resumed.send()

  await report.page.goto('/bao-mat-may/xem-lai')
  await expect(report.step('send')).toHaveCount(0)
  await elsewhere.close()
})
