import { newAnswers } from '../answers.ts'
import { account, expect, expectAccessible, productUrl, test } from '../fixtures.ts'
import { blocked } from '../forms/people.ts'
import { object } from '../pages/objection-pages.ts'
import { reveal } from '../pages/report-pages.ts'

test('who holds a blocked phone objects; police hear both sides, and two people lift the block', async ({
  signIn,
  casePage,
  outbox,
  browser,
  baseURL,
}) => {
  const answers = newAnswers()
  const receipt = await blocked(answers)

  const page = async (javaScriptEnabled: boolean) =>
    (await browser.newContext({ javaScriptEnabled, ...(baseURL && { baseURL }) })).newPage()
  const holder = await page(true)
  const { word, email } = await object(holder, answers.imei1, outbox, () => expectAccessible(holder))
  const status = holder.locator('[data-objection-status]').first()
  await expect(status).toHaveAttribute('data-objection-status', 'open')
  const number = (await status.getAttribute('data-objection-number')) ?? ''
  await expect(holder.locator('[data-objection-secret]')).toBeVisible()
  // The secret to copy, and the button that ends the visit on a borrowed device. A phone's first screen shows
  // exactly one of each.
  await holder.setViewportSize({ width: 360, height: 740 })
  for (const seen of ['[data-objection-secret]', 'form[action*="/api/case/end"] button']) {
    await expect(holder.locator(seen)).toHaveCount(1)
    const box = await holder.locator(seen).boundingBox()
    expect((box?.y ?? 740) + (box?.height ?? 0), seen).toBeLessThan(740)
  }
  await expectAccessible(holder)
  await expect(holder.locator('main a[href="tel:1022"]')).toBeVisible()
  // The page shows nothing of the case.
  await expect(holder.locator('body')).not.toContainText(receipt.number)

  // The holder has lost number and secret. On another device without scripts, the contact and a code show the
  // state of the objection.
  const elsewhere = await page(false)
  await elsewhere.goto('/may-bi-chan/theo-doi')
  await elsewhere.locator('main a[href$="/lien-lac"]').click()
  await expectAccessible(elsewhere)
  await elsewhere.locator('[name="contact"]').fill(email)
  await elsewhere.locator('main form button[type="submit"]').click()
  await elsewhere.locator('[name="contactCode"]').fill(await outbox.code(email, 1))
  await expectAccessible(elsewhere)
  await elsewhere.locator('main form button[type="submit"]').click()
  await expectAccessible(elsewhere)
  await elsewhere.locator(`form:has([value="${number}"]) button[type="submit"]`).click()
  await expect(elsewhere.locator('[data-objection-status="open"]')).toBeVisible()
  await expectAccessible(elsewhere)
  // Without the secret, the page shows nothing that needs it.
  await expect(elsewhere.locator('main')).not.toContainText('Tôi mua máy này ở tiệm')
  await expect(elsewhere.locator('button[name="act"]')).toHaveCount(0)
  await elsewhere.context().close()

  // Another holder objects by plain forms, and withdraws the objection.
  const another = await page(false)
  await object(another, answers.imei1, outbox)
  const withdraw = another.locator('button[name="act"][value="withdraw"]')
  await reveal(withdraw)
  await Promise.all([another.waitForEvent('load'), withdraw.click()])
  await expect(another.locator('[data-objection-status="withdrawn"]')).toBeVisible()
  await another.context().close()

  await casePage.open(receipt)
  const answer = casePage.page.locator('form:has(button[value="answer_objection"])')
  await answer.locator('[name="message"]').fill('Máy bị giật, tôi có hộp máy.')
  await answer.locator('button[value="answer_objection"]').click()
  await expect(casePage.page.getByText('Đã gửi trả lời.')).toBeVisible()
  await expectAccessible(casePage.page)

  const city = await signIn(account('city_police'))
  await city.openSection('khieu-nai')
  await expectAccessible(city.page)
  const box = city.page.locator('main [name="q"]')
  await box.fill(answers.imei1)
  await box.locator('xpath=ancestor::form').locator('button').click()
  await city.page.waitForURL(/found=/)
  await expect(city.page.locator('[data-objection-status="withdrawn"]')).toBeVisible()
  await expectAccessible(city.page)
  await city.page.getByRole('link', { name: number }).click()
  await city.disclose()
  await expect(city.page.locator('[data-side="holder"]')).toContainText(word)
  await expect(city.page.locator('[data-side="reporter"]')).toContainText('Máy bị giật, tôi có hộp máy.')
  await expectAccessible(city.page)
  const uphold = city.page.locator('form:has(button[name="decision"][value="uphold"])')
  await city.answer('uphold')
  await uphold.locator('[name="reason"]').fill('Hóa đơn trước ngày báo mất.')
  await city.press(city.decision('uphold'))
  await expect(city.page).toHaveURL(/done=uphold/)

  const supervisor = await signIn(account('supervisor', 'quan-3'))
  await supervisor.openCase(receipt.number)
  await supervisor.decide('approve_unblock', 'unblocking', { reason: 'Đồng ý mở.' })
  await expect(async () => {
    await holder.reload()
    await expect(status).toHaveAttribute('data-objection-status', 'granted', { timeout: 500 })
  }).toPass({ timeout: 30_000 })
  await expectAccessible(holder)
  // Both sides are told of the result. The reporter learns why, and that they can ask for one review.
  await casePage.open(receipt)
  await casePage.waitFor('unblocked')
  const reporter = casePage.page.locator('main')
  await expect(reporter).toContainText('Hóa đơn trước ngày báo mất.')
  await expect(reporter).not.toContainText('Lắp SIM và dùng máy')
  await expect(reporter.locator('button[name="act"][value="appeal"]')).toBeVisible()
  await expectAccessible(casePage.page)
  await expect(async () => {
    await holder.reload()
    await expect(holder.locator('h1')).toHaveText('Máy đã được mở chặn', { timeout: 500 })
  }).toPass({ timeout: 30_000 })
  await expect(holder.locator('[data-carrier-state="lifted"]')).toHaveCount(5)
  await holder.context().close()

  // Police get the phone in hand. They give it to this holder alone, by the papers that they show.
  const storageState = await city.page.context().storageState()
  for (const javaScriptEnabled of [false, true]) {
    const context = await browser.newContext({ javaScriptEnabled, storageState, baseURL: productUrl() })
    const desk = await context.newPage()
    await desk.goto('/quan-tri/may-tim-duoc')
    await desk.getByLabel('Nơi tìm được').fill('Chợ Bến Thành')
    await desk.getByLabel('Nơi giữ máy').fill('Công an Phường 1, Quận 1')
    await desk.locator('[name="imei"]').fill(answers.imei1)
    await desk.getByRole('button', { name: 'Ghi máy này' }).click()
    await desk.locator(`[data-found="${answers.imei1}"][data-found-state="found"] a`).click()
    const give = desk.getByRole('button', { name: 'Đã giao máy' })
    await expectAccessible(desk)
    await desk.locator('[name="nationalId"]').fill(answers.nationalId ?? '')
    await give.click()
    await expect(desk.locator('[data-error-for="nationalId"]')).toBeVisible()
    await desk.locator('[name="nationalId"]').fill('079 191 054 321')
    await give.click()
    await expect(desk.locator('[data-found-state="to_holder"]').first()).toBeVisible()
    await expect(desk.locator('main').getByRole('status')).toContainText(
      'giao máy cho người có khiếu nại đúng',
    )
    await expect(give).toHaveCount(0)
    await expectAccessible(desk)
    await context.close()
  }
})
