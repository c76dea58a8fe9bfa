import { localDate } from '#lib/time.ts'
import { account, expect, expectAccessible, test } from '../fixtures.ts'
import { Report } from '../forms/people.ts'

const BOARD = '/quan-tri/ho-so/don-vi'

test('city police share out a unit’s cases, not to the absent; each person reads their own figures', async ({
  signIn,
}) => {
  const { number } = await new Report({ district: 'quan-1' }).file()
  const officer = await signIn(account('officer', 'quan-1'))
  expect((await officer.page.goto(BOARD))?.status()).toBe(404)

  const city = await signIn(account('city_police'))
  const { page } = city
  await page.goto(BOARD)
  await page.locator('[data-unit="quan-1"] a').click()
  await expect(page.locator('[data-board="quan-1"]')).toBeVisible()
  await expectAccessible(page)

  // The only person of the unit is absent today, so a case cannot be given to anybody.
  await page.locator('#absence summary').first().click()
  await page.locator('#absence [name="absentFrom"]').fill(localDate(new Date()))
  await page.locator('#absence [name="absentUntil"]').fill(localDate(new Date()))
  await page.locator('#absence form button').last().click()
  await expect(page.locator('[data-done]')).toBeVisible()
  await expect(page.locator('#share form')).toHaveCount(0)

  // The person ends the absence at once with one press.
  await officer.page.goto('/quan-tri/tai-khoan-cua-toi')
  await officer.page.locator('#absence li button').click()
  await expect(officer.page.locator('#absence li')).toHaveCount(0)

  await page.goto(`${BOARD}?unit=quan-1`)
  await page.locator('#share [name="shareCount"]').fill('0')
  await page.locator('#share form button').click()
  await expect(page.locator('[data-error-summary]')).toBeVisible()
  await page.locator('#share [name="shareCount"]').fill('50')
  await page.locator('#share form button').click()
  await expect(page.locator(`[data-shared-case="${number}"]`)).toHaveAttribute('data-given', 'true')
  await expectAccessible(page)

  await officer.page.goto('/quan-tri/tai-khoan-cua-toi')
  const open = officer.page.locator('[data-own="open"]')
  expect(Number(await open.getAttribute('data-count'))).toBeGreaterThan(0)
  // All parts of the account, at first folded, then each of them open.
  await expectAccessible(officer.page)
  await officer.page.locator('.folds > details').evaluateAll((parts) => {
    for (const part of parts) part.setAttribute('open', '')
  })
  await expectAccessible(officer.page)

  await city.mayTakeAway()
  const file = await page.request.get((await page.locator('#export a').getAttribute('href')) ?? '')
  expect(file.headers()['content-type']).toContain('text/csv')
  expect(await file.text()).toContain('Quận 1')
})

test('a supervisor sees their own unit, also where the address names another', async ({ signIn }) => {
  const { page } = await signIn(account('supervisor', 'quan-3'))
  await page.goto(`${BOARD}?unit=quan-1&days=7`)
  await expect(page.locator('[data-board="quan-3"]')).toBeVisible()
  await expect(page.locator('[data-person]')).not.toHaveCount(0)
  for (const width of [320, 360, 1280]) {
    await page.setViewportSize({ width, height: 800 })
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    expect(wide, `at ${width}`).toBeLessThanOrEqual(0)
  }
  expect(
    (await page.request.get('/api/cases/unit?unit=quan-1&days=7', { maxRedirects: 0 })).status(),
  ).not.toBe(200)
})
