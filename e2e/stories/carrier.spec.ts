import { account, accounts, expect, expectAccessible, test } from '../fixtures.ts'

test('a carrier’s person sees their own carrier alone, and a drill goes its way by the carrier’s interface', async ({
  signIn,
}) => {
  const of = accounts().find((one) => one.carrier === 'mobifone') ?? account('carrier')
  const own = await signIn(of)
  const { page } = own
  await own.openSection('')
  await expect(page).toHaveURL(/\/quan-tri\/nha-mang\/mobifone$/)
  await expect(page.locator('nav').first().getByRole('link')).toHaveText([
    'MobiFone',
    'Diễn tập',
    'Mã dự phòng',
  ])
  await expectAccessible(page)
  for (const part of ['lenh', 'so-lieu']) {
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
  await expect(page.locator('[data-order-state="applied"]')).toHaveCount(4)
  await expectAccessible(page)
  // Practice is on nobody's list of orders.
  await own.openSection('nha-mang/mobifone/lenh')
  await expect(page.locator('[data-order-state="sent"]')).toHaveCount(0)
})
