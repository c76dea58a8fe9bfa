import { newAnswers } from '../answers.ts'
import { account, expect, expectAccessible, test } from '../fixtures.ts'
import { Report } from '../forms/people.ts'
import { CARRIERS } from '../pages/case-page.ts'

const all = (state: string) => Object.fromEntries(CARRIERS.map((id) => [id, state]))

test('two people block a phone for a while before it is verified; rejected, it is lifted by two', async ({
  signIn,
  casePage,
}) => {
  const receipt = await new Report(newAnswers()).file()
  const officer = await signIn(account('officer', 'quan-3'))
  await officer.openCase(receipt.number)
  await officer.decide('hold', 'submitted', { reason: 'Máy đang được rao bán.' })
  await expect(officer.decision('confirm_hold')).toHaveCount(0)

  const supervisor = await signIn(account('supervisor', 'quan-3'))
  await supervisor.openCase(receipt.number)
  await expectAccessible(supervisor.page)
  await supervisor.decide('confirm_hold', 'submitted', { reason: 'Đã xem hóa đơn.' })

  await casePage.open(receipt)
  const states = async () => {
    await casePage.page.reload()
    return casePage.carrierStates()
  }
  await expect.poll(states, { timeout: 120_000 }).toEqual(all('applied'))
  await expect(casePage.page.getByText(/Đã chặn tạm tới/).first()).toBeVisible()
  await expectAccessible(casePage.page)

  await officer.openCase(receipt.number)
  await officer.decide('take', 'under_review')
  await officer.decide('reject', 'rejected', { reasonCode: 'wrong_imei', reason: 'Số IMEI là của máy khác.' })
  await expect(officer.decision('approve_unblock')).toHaveCount(0)
  await supervisor.openCase(receipt.number)
  await supervisor.decide('approve_unblock', 'rejected', { reason: 'Đồng ý mở.' })
  await expect.poll(states, { timeout: 120_000 }).toEqual(all('lifted'))
})
