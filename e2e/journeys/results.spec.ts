import { pathFor } from '#messages/paths.ts'
import { account, expect, expectAccessible, test } from '../fixtures.ts'

test('who looks for results finds each way in, and what is not public is told, not shown', async ({
  page,
  language,
}) => {
  await page.goto(pathFor(language, '/results'))
  await page.locator(`main a[href="${pathFor(language, '/results/questions')}"]`).click()
  const question = {
    pathname: '/results/questions/[version]/[question]',
    params: { version: '1', question: 'e5' },
  } as const
  await page.locator(`main a[href="${pathFor(language, question)}"]`).click()
  await expect(page.locator('h1')).toBeVisible()
  await expectAccessible(page)

  const own = { pathname: '/results/[agency]/compare', params: { agency: 'quan-3' } } as const
  await page.goto(pathFor(language, own))
  await expect(page.locator('#others')).toBeVisible()
  await expectAccessible(page)

  await page.goto(pathFor(language, '/results/data'))
  await page.locator('main a[href="/api/v1/results"]').click()
  await expect(page.locator('body')).toContainText('"agencies"')

  await page.goto(pathFor(language, '/results/data'))
  await page.locator(`main a[href="${pathFor(language, '/results/archive')}"]`).click()
  await expectAccessible(page)

  for (const pathname of ['/results/months/[month]', '/results/archive/[month]'] as const)
    expect((await page.goto(pathFor(language, { pathname, params: { month: '1999-01' } })))?.status()).toBe(
      404,
    )
})

for (const [where, width, text] of [
  ['on the narrowest screen', 320, ''],
  ['on a phone', 360, ''],
  ['with text twice as large', 1280, '225%'],
] as const) {
  test(`the tiles of the districts keep their words whole ${where}`, async ({ page, language }) => {
    await page.setViewportSize({ width, height: 740 })
    await page.goto(pathFor(language, '/results'))
    await page.locator('html').evaluate((html, size) => {
      html.style.fontSize = size
    }, text)
    const tiles = page.locator('.tile')
    await expect(tiles).toHaveCount(24)
    const clipped = await tiles.evaluateAll((all) =>
      all
        .filter((one) => one.scrollWidth > one.clientWidth || one.scrollHeight > one.clientHeight)
        .map((one) => one.textContent),
    )
    expect(clipped).toEqual([])
    const beyond = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    expect(beyond).toBeLessThanOrEqual(0)
  })
}

test('results and the list of agencies stay within the narrowest screen, also with text twice as large', async ({
  page,
  language,
}) => {
  await page.setViewportSize({ width: 320, height: 740 })
  for (const route of [
    '/results',
    '/rate',
    '/results/questions',
    { pathname: '/results/questions/[version]/[question]', params: { version: '1', question: 'r2' } },
    { pathname: '/results/[agency]', params: { agency: 'so-thong-tin-truyen-thong' } },
  ] as const) {
    await page.goto(pathFor(language, route))
    await page.locator('html').evaluate((html) => {
      html.style.fontSize = '200%'
    })
    const beyond = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    expect(beyond, page.url()).toBeLessThanOrEqual(0)
  }
})

test('the map of districts has a key in words, and is printed with its edges and without buttons', async ({
  page,
  language,
}) => {
  await page.goto(pathFor(language, '/results'))
  const tile = page.locator('.tile').first()
  const place = await tile.getAttribute('data-place')
  const key = page.locator(`li:has(> .tile-swatch[data-place="${place}"])`)
  await expect(key).toHaveText(/\p{Letter}/u)
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
  for (const edged of [tile, key.locator('.tile-swatch')]) {
    await expect(edged).toHaveCSS('border-top-color', 'rgb(0, 0, 0)')
    await expect(edged).not.toHaveCSS('border-top-width', '0px')
  }
  await expect(tile).toHaveCSS('color', 'rgb(0, 0, 0)')
  await expect(page.locator('main .button').filter({ visible: true })).toHaveCount(0)
})

test('the survey manager downloads raw answers; nobody else does', async ({ signIn, page, language }) => {
  expect((await page.request.get('/api/survey/export/1')).status()).toBe(404)
  const staff = await signIn(account('survey_manager'))
  await staff.page.goto(pathFor(language, '/admin/survey/export'))
  await staff.mayTakeAway()
  await expectAccessible(staff.page)
  const [download] = await Promise.all([
    staff.page.waitForEvent('download'),
    staff.page.locator('a[href="/api/survey/export/1"]').click(),
  ])
  expect(download.suggestedFilename()).toBe('phieu-1.csv')
})
