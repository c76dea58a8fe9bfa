import { newImei } from '../answers.ts'
import { account, expect, expectAccessible, productUrl, test } from '../fixtures.ts'
import { photo } from '../photo.ts'

const csv = (...rows: string[]) => ({
  name: 'ho-so.csv',
  mimeType: 'text/csv',
  buffer: Buffer.from(`\ufeff${rows.join('\r\n')}`),
})

test('police bring their records and scan a found phone; what is sound becomes a case, what is not can be mended', async ({
  browser,
  outbox,
  signIn,
}) => {
  const officer = await signIn(account('officer', 'quan-3'))
  const { page } = officer
  const imei = newImei()
  await page.goto('/quan-tri/ho-so')
  await page.getByRole('link', { name: 'Nhập hồ sơ có sẵn' }).click()
  await page.locator('[name="importFile"]').waitFor()
  await expectAccessible(page)
  const head = 'số hồ sơ;loại;ngày;nơi xảy ra;imei;hãng;họ tên;cccd;liên hệ'
  const number = `${Date.now()}/HS`
  const contact = `anh${Date.now()}@example.vn`
  const good = `${number};cướp giật;20/11/2026 08:30;Ngã tư Bảy Hiền;"=""${imei}""";Samsung;Nguyễn Thị Ánh;079190012345;${contact}`
  const bad = 'HS-2;khác;31/02/2026;;352987065816624;;;;'
  await page.locator('[name="importFile"]').setInputFiles(csv(head, good, bad))
  await page.getByRole('button', { name: 'Đọc tệp' }).click()
  const view = page.locator('[data-import-good]')
  await expect(view).toHaveAttribute('data-import-good', '1')
  await expect(page.locator('[data-fault-line="3"]')).toContainText('Chữ số cuối không khớp')
  await expect(page.locator('[data-fault-line="3"]')).toContainText('Hãy ghi ngày như 24/11/2026')
  await expectAccessible(page)
  await officer.mayTakeAway()
  const mend = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Tải các dòng có lỗi để sửa' }).click()
  expect((await mend).suggestedFilename()).toBe('dong-can-sua.csv')

  await page.getByRole('button', { name: 'Tạo 1 hồ sơ' }).click()
  await expect(view).not.toHaveAttribute('data-import-state', 'read')
  await expect
    .poll(async () => {
      await page.reload()
      return view.getAttribute('data-import-state')
    })
    .toBe('done')
  await expectAccessible(page)
  const found = await officer.search(imei)
  await expect(found).toHaveCount(1)
  await found.click()
  await expect(officer.status).toHaveAttribute('data-case-status', 'under_review')
  await expect(page.getByText(number)).toBeVisible()

  // Another officer verifies the case, once it has the record from which it was made.
  const colleague = await signIn(account('officer', 'quan-3', 1))
  await colleague.page.goto(page.url())
  await colleague.decide('take', 'under_review')
  await expectAccessible(colleague.page)

  // This person has no secret. They are asked to come, and police write down what they say.
  await colleague.decide('request_info', 'info_requested', { reasonCode: 'proof', reason: 'Cần hóa đơn.' })
  const caseNumber =
    (await colleague.page.locator('[data-case-number]').getAttribute('data-case-number')) ?? ''
  await expect
    .poll(() => outbox.messagesTo(contact).filter((text) => text.includes('Cần hóa đơn.')))
    .toHaveLength(1)
  const asked = outbox.messagesTo(contact).findLast((text) => text.includes('Cần hóa đơn.')) ?? ''
  expect(asked).toContain('đến Công an Quận 3 trong vòng 15 ngày')
  expect(asked).not.toContain('mã bí mật trên giấy tiếp nhận')
  const context = await browser.newContext({ baseURL: productUrl(), viewport: { width: 360, height: 740 } })
  const person = await context.newPage()
  await person.goto(`/ho-so/nhan-ma?from=${caseNumber}`)
  await person.locator('form:has([name="caseNumber"]) button').first().click()
  await person.locator('[name="contactCode"]').fill(await outbox.code(contact))
  await person.locator('form:has([name="contactCode"]) button').first().click()
  await expect(person.locator('[data-case-status="info_requested"] [data-without-secret]')).toBeVisible()
  await expect(person.getByText('Hãy mang giấy tờ tùy thân và những gì công an hỏi')).toBeVisible()
  await expectAccessible(person)
  const said = colleague.page.locator('form:has([name="deskAct"]) [name="message"]')
  const write = colleague.page.getByRole('button', { name: 'Ghi vào hồ sơ' })
  await colleague.press(write)
  await expect(colleague.page.locator('[data-error-for="message"]')).toBeVisible()
  await colleague.page.locator('[name="deskAct"][value="reply"]').check()
  await said.fill('Đã mang hóa đơn đến.')
  await colleague.press(write)
  await expect(colleague.page.getByText('Đã ghi lời người báo vào hồ sơ.')).toBeVisible()
  await expect(colleague.status).toHaveAttribute('data-case-status', 'under_review')
  await person.reload()
  await expect(person.getByText('ghi lại lời bạn khi bạn đến')).toBeVisible()
  await context.close()

  const verify = colleague.decision('verify')
  await verify.locator('xpath=ancestor::form').locator('[name="reason"]').fill('Đã so với hồ sơ gốc.')
  await colleague.press(verify)
  await expect(colleague.page.locator('[data-error-for="evidence"]')).toContainText('chưa có giấy tờ')
  await colleague.page.locator('[name="evidence"]').setInputFiles(await photo())
  await colleague.page.getByRole('button', { name: 'Thêm vào hồ sơ' }).click()
  await expect(colleague.page.getByText('Đã thêm giấy tờ vào hồ sơ.')).toBeVisible()
  await colleague.decide('verify', 'verified', { reason: 'Đã so với hồ sơ gốc.' })

  // A scanner types the number and presses Enter.
  await page.goto('/quan-tri/may-tim-duoc')
  await page.getByLabel('Nơi tìm được').fill('Chợ Bến Thành')
  await page.getByLabel('Nơi giữ máy').fill('Công an Quận 3')
  await page.locator('[name="imei"]').fill(imei)
  await page.locator('[name="imei"]').press('Enter')
  const kept = page.locator(`[data-found="${imei}"]`)
  await expect(kept).toHaveAttribute('data-found-state', 'matched')
  await expectAccessible(page)
})

test('a file chosen before the page’s script has run is shown and sent', async ({ signIn }) => {
  const { page } = await signIn(account('officer', 'quan-3'))
  const { promise: mayRun, resolve: run } = Promise.withResolvers<void>()
  await page.route('**/_next/static/**', async (route) => {
    if (route.request().resourceType() === 'script') await mayRun
    await route.continue()
  })
  await page.goto('/quan-tri/ho-so/nhap', { waitUntil: 'commit' })
  const row = `${Date.now()}/HS;cướp giật;20/11/2026 08:30;Ngã tư Bảy Hiền;"=""${newImei()}""";Samsung;Nguyễn Thị Ánh;079190012345;`
  const head = 'số hồ sơ;loại;ngày;nơi xảy ra;imei;hãng;họ tên;cccd;liên hệ'
  await page.locator('[name="importFile"]').setInputFiles(csv(head, row))
  await expect(page.locator('.chosen')).toHaveCount(0)
  run()
  await expect(page.locator('.chosen-name')).toHaveText('ho-so.csv')
  await page.getByRole('button', { name: 'Đọc tệp' }).click()
  await expect(page.locator('[data-import-good]')).toHaveAttribute('data-import-good', '1')
})
