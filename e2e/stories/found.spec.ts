import { newAnswers } from '../answers.ts'
import { account, expect, expectAccessible, test } from '../fixtures.ts'
import { blocked } from '../forms/people.ts'

test('police of another district find the phone: its owner reads where it is, gets it back, and it is unblocked', async ({
  casePage,
  signIn,
  outbox,
}) => {
  const answers = newAnswers()
  const receipt = await blocked(answers)
  const { page } = await signIn(account('officer', 'quan-1'))
  await page.goto('/quan-tri/may-tim-duoc')
  await page.getByLabel('Nơi tìm được').fill('Chợ Bến Thành')
  await page.getByLabel('Nơi giữ máy').fill('Công an Phường 1, Quận 1')
  await page.locator('[name="imei"]').fill(answers.imei1)
  await page.getByRole('button', { name: 'Ghi máy này' }).click()
  const kept = page.locator(`[data-found="${answers.imei1}"]`)
  await expect(kept).toHaveAttribute('data-found-state', 'matched')

  await casePage.open(receipt)
  await casePage.waitFor('blocked')
  const card = casePage.page.locator('[data-phone-found]')
  await expect
    .poll(async () => {
      await casePage.page.reload()
      return card.count()
    })
    .toBe(1)
  await expect(card).toContainText(/Ngày \d\d\/\d\d\/\d{4}/)
  await expect(card).toContainText('Công an Phường 1, Quận 1')
  await expectAccessible(casePage.page)
  const told = () => outbox.messagesTo(answers.contactEmail).some((one) => one.includes('Công an Phường 1'))
  await expect.poll(told).toBe(true)

  await kept.getByRole('link').click()
  await page.locator('[name="nationalId"]').fill(answers.nationalId ?? '')
  await page.getByRole('button', { name: 'Đã trả máy' }).click()
  await expect(page.locator('[data-found-state="returned"]').first()).toBeVisible()
  await expectAccessible(page)

  await casePage.waitFor('unblock_review')
  await expect(card).toHaveCount(0)
  const officer = await signIn(account('officer', 'quan-3'))
  const supervisor = await signIn(account('supervisor', 'quan-3'))
  await officer.openCase(receipt.number)
  await officer.decide('verify_unblock', 'unblock_review', {
    reasonCode: 'recovered',
    reason: 'Đã trả máy đúng chủ.',
  })
  await supervisor.openCase(receipt.number)
  await supervisor.decide('approve_unblock', 'unblocking', { reason: 'Đúng chủ máy.' })
  await casePage.waitFor('unblocked')
})
