import { newAnswers } from '../answers.ts'
import { account, expect, expectAccessible, test } from '../fixtures.ts'
import { decide, Report } from '../forms/people.ts'
import { ReportPages } from '../pages/report-pages.ts'

test('three people claim one phone: none learns of another, an unproven claim yields, and city police decide between proofs', async ({
  browser,
  baseURL,
  casePage,
  signIn,
  outbox,
}) => {
  // Only one number, because a case with another, undisputed number would lose this one and continue.
  const first = newAnswers({ imei2: '' })
  const mine = await new Report(first).file()

  // The same number in another notation.
  const { imei1 } = first
  const second = newAnswers({
    imei1: `${imei1.slice(0, 2)}-${imei1.slice(2, 8)}.${imei1.slice(8, 14)}`,
    imei2: '',
    fullName: 'Lê Văn Kiên',
    nationalId: '079085001234',
  })
  const elsewhere = await browser.newContext({ ...(baseURL && { baseURL }) })
  const other = new ReportPages(await elsewhere.newPage(), 'vi', outbox)
  await other.fillIn(second)
  await expectAccessible(other.page)
  for (const consent of ['consentProcessing', 'consentCarriers', 'declareTrue']) {
    await other.page.locator(`[name="${consent}"]`).check()
  }
  await other.step('send').click()
  const theirs = await other.receipt()
  expect(theirs.number).not.toBe(mine.number)
  for (const secret of [mine.number, first.fullName ?? ''])
    await expect(other.page.locator('main')).not.toContainText(secret)
  const third = await new Report(newAnswers({ imei1, imei2: '', fullName: 'Trần Văn Ba' })).file()

  // The first proof is accepted. The second one matches too, so another officer accepts it as a counterclaim.
  await decide('officer', mine.number, 'take')
  await decide('officer', mine.number, 'verify', { reason: 'Nhãn hộp đúng số máy.' })
  const officer = await signIn(account('officer', 'quan-3', 1))
  await officer.openCase(theirs.number)
  await officer.decide('take', 'under_review')
  await officer.decide('accept_counterclaim', 'under_review', { reason: 'Hóa đơn có vẻ thật.' })
  await casePage.open(mine)
  await expect(casePage.status).toHaveAttribute('data-case-held', 'conflict')

  // Nobody can be upheld before both sides were heard. Each side answers on its own page.
  const city = await signIn(account('city_police'))
  await city.openCase(theirs.number)
  await expect(city.page.locator('[data-hearing]')).toBeVisible()
  await expect(city.page.locator('form:has([name="upheld"])')).toHaveCount(0)
  for (const side of [mine, theirs]) {
    await casePage.open(side)
    await expect(casePage.page.locator('main')).toContainText('công an chờ bạn đến')
    const answer = casePage.page.locator('form:has(button[value="answer_conflict"])')
    await answer.locator('[name="message"]').fill('Tôi mua máy này, có hóa đơn.')
    await answer.locator('button[value="answer_conflict"]').click()
    await expect(casePage.page.getByText('Đã gửi trả lời.')).toBeVisible()
  }
  await expectAccessible(casePage.page)
  await city.openCase(theirs.number)
  await expect(city.page.locator('[data-hearing]')).toHaveCount(0)
  await expectAccessible(city.page)
  // Each side is named by its time of report, and has its own form.
  await expect(city.page.locator('form:has([name="upheld"])')).toHaveCount(2)
  // Once both are opened, their pictures are side by side at the same size, and differences are marked.
  await city.disclose()
  const places = await city.page.locator('[data-showing] .sight').evaluateAll((all) =>
    all.map((one) => {
      const { top, width, height } = one.getBoundingClientRect()
      return [top, width, height].map(Math.round)
    }),
  )
  expect(places).toHaveLength(2)
  expect(places[1]).toEqual(places[0])
  await expect(city.page.locator('[data-differs="name"]')).toContainText('Lê Văn Kiên')
  await expect(city.page.locator('[data-differs="imei1"]')).toHaveCount(0)
  // Although the open picture viewer has keys too, each side's key still opens its form.
  await city.keysAct()
  for (const key of ['5', '6']) {
    await city.page.keyboard.press(key)
    await expect(city.page.locator(`details[open] > summary[aria-keyshortcuts="${key}"]`)).toBeVisible()
  }
  await city.uphold(theirs.number, 'Hóa đơn đúng số máy.')
  await expect(city.status).toHaveAttribute('data-case-status', 'under_review')
  await casePage.open(mine)
  await casePage.waitFor('rejected')
  await expect(casePage.page.locator('main')).not.toContainText(theirs.number)
  await expect(casePage.page.locator('main')).not.toContainText('Lê Văn Kiên')

  await officer.openCase(theirs.number)
  await officer.decide('verify', 'verified', { reason: 'Công an Thành phố đã chọn.' })
  const supervisor = await signIn(account('supervisor', 'quan-3'))
  await supervisor.openCase(theirs.number)
  await supervisor.decide('approve', 'blocking', { reason: 'Đồng ý.' })
  await casePage.open(theirs)
  await casePage.waitFor('blocked')
  // The third person was told nothing of this until a proof was accepted. Their case continues, and can get more proof.
  await casePage.open(third)
  await expect(casePage.status).toHaveAttribute('data-case-status', 'submitted')
  await expect(casePage.page.locator('main')).toContainText(
    'Giấy tờ của một hồ sơ khác về máy này được xác nhận',
  )
  for (const secret of [mine.number, theirs.number, 'Lê Văn Kiên', first.fullName ?? ''])
    await expect(casePage.page.locator('main')).not.toContainText(secret)
  await elsewhere.close()
})
