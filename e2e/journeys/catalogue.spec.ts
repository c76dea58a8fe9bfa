import { randomInt } from 'node:crypto'
import { pathFor } from '#messages/paths.ts'
import { account, expect, expectAccessible, test } from '../fixtures.ts'

test('a survey manager is told what is wrong, sees what a change does, makes it and takes it back', async ({
  signIn,
  language,
}) => {
  const { page } = await signIn(account('survey_manager'))
  const name = `Phường Mới ${randomInt(1e9)}`
  await page.goto(pathFor(language, '/admin/survey/agencies'))
  await expectAccessible(page)
  await page.locator('main a[href*="kind=add"]').click()
  await page.locator('[name="agencyKind"]').selectOption('ward')
  await page.locator('[name="nameVi"]').fill(name)
  await page.locator('[name="on"]').fill('2020-01-01')
  const send = page.locator('main form button[type="submit"]').first()
  await send.click()
  await expect(page.locator('[data-error-for="basis"]')).toBeVisible()
  await page.locator('[name="basis"]').fill('Nghị quyết 9/NQ')
  await send.click()
  await expect(page.locator('[data-error-for="on"]')).toBeVisible()
  await expect(page.locator('[name="nameVi"]')).toHaveValue(name)
  await page.locator('[name="on"]').fill('2090-01-01')
  await send.click()
  await page.waitForURL(/nameVi=/)
  await expect(page.locator('main')).toContainText(name)
  await expectAccessible(page)
  await page.locator('main form button[type="submit"]').first().click()
  await page.waitForURL(/done=change/)
  const row = page.locator('tr[data-change]', { hasText: name })
  await expect(row).toBeVisible()
  await row.locator('button').click()
  await page.waitForURL(/done=withdraw/)
  await expect(row).toHaveCount(0)
})

test('what was rated on this device is known to it alone, and forgotten when told so', async ({
  rating,
  page,
  language,
  javaScriptEnabled,
}) => {
  const recent = page.locator('[aria-labelledby="recent"]')
  await rating.open('so-tu-phap')
  await rating.answer()
  await rating.send()
  await rating.receipt()
  // The page's script keeps it, which on a busy machine comes later than the receipt.
  if (javaScriptEnabled !== false)
    await page.waitForFunction(() => localStorage.getItem('antam-rated') !== null)
  await page.goto(pathFor(language, '/rate'))
  await expect(page.locator('main a[href$="/so-tu-phap"]').last()).toBeVisible()
  if (javaScriptEnabled === false) {
    await expect(recent).toHaveCount(0)
    return
  }
  await expect(recent.locator('a[href$="/so-tu-phap"]')).toBeVisible()
  await expectAccessible(page)
  await recent.locator('button').click()
  await expect(recent).toHaveCount(0)
  await page.reload()
  await expect(page.locator('h2#departments')).toBeVisible()
  await expect(recent).toHaveCount(0)
})
