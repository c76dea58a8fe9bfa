import { newImei } from '../answers.ts'
import { account, accounts, expect, expectAccessible, test } from '../fixtures.ts'

test('a carrier’s person sees their own carrier alone, and a drill goes its way by the carrier’s interface', async ({
  signIn,
}) => {
  const of = accounts().find((one) => one.carrier === 'mobifone') ?? account('carrier')
  const own = await signIn(of)
  const { page } = own
  await own.openSection('')
  await expect(page).toHaveURL(/\/quan-tri\/nha-mang\/mobifone$/)
  await expect(page.locator('nav').first().getByRole('link')).toHaveText(['MobiFone', 'Diễn tập', 'Xác nhận'])
  await expectAccessible(page)
  for (const part of ['lenh', 'doi-chieu', 'so-lieu']) {
    await own.openSection(`nha-mang/mobifone/${part}`)
    await expectAccessible(page)
    await own.openSection(`nha-mang/viettel/${part}`)
    await expect(page).toHaveURL(/khong-tim-thay/)
  }

  await own.openSection('dien-tap')
  await page.locator('[name="phones"]').fill('21')
  await page.getByRole('button', { name: 'Bắt đầu diễn tập' }).click()
  await expect(page.locator('[data-error-for="phones"]')).toBeVisible()
  await page.locator('[name="phones"]').fill('2')
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Bắt đầu diễn tập' }).click()
  await page.waitForURL(/\/dien-tap\/[0-9a-f-]{36}$/)
  const state = page.locator('[data-drill-state]')
  const ended = async () => {
    await page.reload()
    return state.getAttribute('data-drill-state')
  }
  await expect.poll(ended, { timeout: 60_000 }).toBe('ended')
  const practised = page.locator('[data-order][data-order-state="applied"]')
  await expect(practised).toHaveCount(4)
  await expectAccessible(page)
  const ids = await practised.evaluateAll((rows) => rows.map((row) => row.getAttribute('data-order')))
  // Practice orders are in no list of orders.
  await own.openSection('nha-mang/mobifone/lenh')
  await expect(page.locator('h1')).toBeVisible()
  for (const id of ids) await expect(page.locator(`[data-order="${id}"]`)).toHaveCount(0)
})

test('a carrier’s person has their own list compared, and sees what the relay will have ordered again', async ({
  signIn,
}) => {
  const own = await signIn(accounts().find((one) => one.carrier === 'gmobile') ?? account('carrier'))
  const { page } = own
  await own.openSection('nha-mang/gmobile')
  await page.getByRole('link', { name: 'Đối chiếu' }).click()
  const send = async (text: string) => {
    await page
      .locator('[name="listFile"]')
      .setInputFiles({ name: 'eir.csv', mimeType: 'text/csv', buffer: Buffer.from(text) })
    await page.getByRole('button', { name: 'Gửi và đối chiếu' }).click()
  }
  await send('imei\nkhông có số\n')
  await expect(page.locator('[data-error-for="listFile"]')).toBeVisible()
  await expectAccessible(page)

  const stranger = newImei()
  await send(`imei\n${stranger}\n`)
  await page.waitForURL(/\/doi-chieu\/[0-9a-f-]{36}$/)
  const compared = async () => {
    await page.reload()
    return page.locator('[data-reconciliation-state]').getAttribute('data-reconciliation-state')
  }
  await expect.poll(compared).toBe('done')
  await page.getByRole('link', { name: /^Không có trong sổ/ }).click()
  await expect(page.locator('[data-difference="foreign"]')).toContainText(stranger.slice(-1))
  await expectAccessible(page)
  const { pathname } = new URL(page.url())
  await own.openSection(pathname.replace('/quan-tri/', '').replace('gmobile', 'viettel'))
  await expect(page).toHaveURL(/khong-tim-thay/)
})
