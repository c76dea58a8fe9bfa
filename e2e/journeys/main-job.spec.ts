import { newAnswers } from '../answers.ts'
import { account, expect, expectAccessible, test } from '../fixtures.ts'
import { CARRIERS } from '../pages/case-page.ts'

test('report, verify, approve, blocked at five carriers; found, and back', {
  tag: ['@without-javascript', '@phone'],
}, async ({ report, casePage, signIn, outbox }) => {
  const answers = newAnswers()
  const receipt = await report.file(answers)
  expect(receipt.number).toMatch(/^HCM-/)
  await expectAccessible(report.page)

  await casePage.open(receipt)
  await expect(casePage.status).toHaveAttribute('data-case-status', 'submitted')
  await expectAccessible(casePage.page)

  const officer = await signIn(account('officer', 'quan-3'), 'by the form')
  await officer.openCase(receipt.number)
  await officer.decide('take', 'under_review')
  await expectAccessible(officer.page)
  const { contactEmail, nationalId } = answers
  for (const kept of [contactEmail, nationalId ?? ''])
    await expect(officer.page.locator('main')).not.toContainText(kept)
  await expect(officer.page.locator('main :is(img, image)')).toHaveCount(0)
  await officer.disclose()
  await expect(officer.page.locator('main')).toContainText(contactEmail)
  await expect(officer.page.locator('main :is(img, image)')).not.toHaveCount(0)
  await expectAccessible(officer.page)
  await officer.decide('request_info', 'info_requested', {
    reasonCode: 'proof',
    reason: 'Xin gửi thêm ảnh hóa đơn mua máy.',
  })

  await casePage.waitFor('info_requested')
  // The citizen sees which office looked at their papers, but never which person.
  await expect(casePage.page.locator('[data-openings="1"] li')).toHaveCount(1)
  await casePage.do('reply', 'Tôi gửi thêm hóa đơn.', true)
  await casePage.waitFor('under_review')

  await officer.openCase(receipt.number)
  await officer.decide('verify', 'verified', { reason: 'IMEI trên nhãn hộp khớp với hồ sơ.' })
  await expect(officer.decision('approve')).toHaveCount(0)

  const supervisor = await signIn(account('supervisor', 'quan-3'), 'by the form')
  await supervisor.openCase(receipt.number)
  await supervisor.decide('approve', 'blocking', { reason: 'Đã xem lại giấy tờ.' })

  await casePage.waitFor('blocked')
  expect(await casePage.carrierStates()).toEqual(Object.fromEntries(CARRIERS.map((id) => [id, 'applied'])))
  await expectAccessible(casePage.page)
  // The history now has a question and its answer. The page is still short: the person's next step is at the
  // top, and the rest is folded.
  if (casePage.page.viewportSize()?.width === 360)
    expect(await casePage.page.evaluate(() => document.documentElement.scrollHeight)).toBeLessThan(3_300)

  await casePage.do('request_unblock', 'Công an đã tìm được máy và trả lại cho tôi.')
  await casePage.waitFor('unblock_review')
  await officer.openCase(receipt.number)
  await officer.decide('verify_unblock', 'unblock_review', {
    reasonCode: 'recovered',
    reason: 'Chủ máy xuất trình căn cước.',
  })
  await supervisor.openCase(receipt.number)
  // The carriers may finish before the confirmation page appears.
  await supervisor.decide('approve_unblock', /^(unblocking|unblocked)$/, { reason: 'Đúng chủ máy.' })
  await casePage.waitFor('unblocked')
  expect(await casePage.carrierStates()).toEqual(Object.fromEntries(CARRIERS.map((id) => [id, 'lifted'])))

  // Every step was announced to the contact, and none twice.
  await expect.poll(() => outbox.messagesTo(answers.contactEmail).length).toBeGreaterThanOrEqual(8)
})
