import { randomInt, randomUUID } from 'node:crypto'
import { pathFor } from '#messages/paths.ts'
import { newWord } from '../answers.ts'
import { account, expect, expectAccessible, test } from '../fixtures.ts'

test('a survey manager is told what is wrong, sees what a change does, makes it and takes it back', async ({
  signIn,
  language,
}) => {
  const staff = await signIn(account('survey_manager'))
  const { page } = staff
  const mark = newWord()
  const name = `Phường Mới ${mark}`
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
  await staff.press(page.locator('main form button[type="submit"]').first())
  await page.waitForURL(/done=change/)
  // The list shows its name in the page's language.
  const row = page.locator('tr[data-change]', { hasText: mark })
  await expect(row).toBeVisible()
  await row.locator('summary').click()
  await staff.press(row.locator('button'))
  await expect(row.locator('[data-error-for="reason"]')).toBeVisible()
  await row.locator('[name="reason"]').fill('Nhập nhầm ngày có hiệu lực.')
  await staff.press(row.locator('button'))
  await page.waitForURL(/done=withdraw/)
  await expect(row).toHaveCount(0)
})

test('an agency that ended by mistake is told of at its kiosk and in the lists, and comes back', async ({
  signIn,
  page,
  language,
  javaScriptEnabled,
}) => {
  const staff = await signIn(account('survey_manager'))
  const { page: manager } = staff
  // A separate agency for each project, because the projects share the product and the test ends the agency.
  const agency =
    language === 'en'
      ? 'ban-quan-ly-kcx-kcn'
      : javaScriptEnabled === false
        ? 'ban-quan-ly-khu-cong-nghe-cao'
        : 'so-ngoai-vu'
  await manager.goto(pathFor(language, '/admin/survey/kiosks'))
  await manager.locator('select[name="agencyId"]').selectOption(agency)
  await manager.locator('input[name="counter"]').fill(`Quầy ${randomInt(1e9)}`)
  await manager.locator('form:has(select[name="agencyId"]) button[type="submit"]').click()
  const link = (await manager.locator('[data-kiosk-link]').getAttribute('data-kiosk-link')) ?? ''
  const kiosk = manager.locator(`[data-kiosk="${/kiosk=([0-9a-f-]{36})/.exec(link)?.[1]}"]`)
  const dayOf = (time: number) => new Date(time + 7 * 3_600_000).toISOString().slice(0, 10)
  if (javaScriptEnabled !== false) {
    const code = (await manager.locator('[data-kiosk-code]').getAttribute('data-kiosk-code')) ?? ''
    await page.goto(link)
    await page.locator('[data-kiosk-pairing] input[name="code"]').fill(code)
    await page.locator('[data-kiosk-pairing] button').click()
    await expect(page.locator('.kiosk-screen')).toBeVisible()
  }
  await page.goto('/robots.txt')
  // A rating of almost a day ago, which the device could not send while offline.
  await page.evaluate(
    ([name, given, submitKey]) => {
      const answers = { r1: '5', r2: 'ontime', r3: '0', r4: '4', r5: '5', r6: 'right' }
      const more = { agency: name.replace('an-tam-kiosk-', ''), questionnaire: '1' }
      const fields = Object.entries({ ...answers, ...more })
      localStorage.setItem(name, JSON.stringify([{ submitKey, fields, given }]))
    },
    [`an-tam-kiosk-${agency}`, Math.floor(Date.now() / 1000) - 86_400 + 600, randomUUID()] as const,
  )

  const basis = `Quyết định ${randomInt(1e6)}/QĐ-UBND`
  await manager.goto(
    pathFor(language, { pathname: '/admin/survey/agencies/change', query: { kind: 'close', agency } }),
  )
  await manager.locator('[name="on"]').fill(dayOf(Date.now()))
  await manager.locator('[name="basis"]').fill(basis)
  const send = manager.locator('main form button[type="submit"]').first()
  await send.click()
  await manager.waitForURL(/basis=/)
  await expect(manager.locator(`tr[data-agency="${agency}"] small`).first()).toContainText('1')
  await expectAccessible(manager)
  await staff.press(send)
  await manager.waitForURL(/done=change/)

  const sent =
    javaScriptEnabled === false
      ? null
      : page.waitForResponse((response) => response.url().endsWith('/api/kiosk'))
  await page.goto(link)
  await expect(page.locator('[data-kiosk-ended] h1')).toBeVisible()
  // The agency was still in force on the day of the rating, so the rating is accepted.
  if (sent) expect((await sent).status()).toBe(200)
  await expect(page.locator('body > header, body > footer, main a').filter({ visible: true })).toHaveCount(0)
  await expectAccessible(page)
  await manager.goto(pathFor(language, '/admin/survey/kiosks'))
  await expect(kiosk).toHaveAttribute('data-kiosk-state', 'ended')
  await expect(kiosk).toContainText(language === 'vi' ? '(đã kết thúc)' : '(ended)')

  await manager.goto(pathFor(language, '/admin/survey/agencies'))
  await expectAccessible(manager)
  const change = manager.locator('tr[data-change]', { hasText: basis })
  await change.locator('summary').click()
  await change.locator('[name="reason"]').fill('Nhập nhầm ngày có hiệu lực.')
  await staff.press(change.locator('button'))
  await manager.waitForURL(/done=withdraw/)
  await page.goto(link)
  await expect(
    page.locator(javaScriptEnabled === false ? '[data-kiosk-closed]' : '[data-kiosk] [name="r1"]').first(),
  ).toBeVisible()
  await manager.goto(pathFor(language, '/admin/survey/kiosks'))
  await expect(kiosk).toHaveAttribute('data-kiosk-state', 'live')
})

test('what was rated on this device is known to it alone, and forgotten when told so', {
  tag: ['@without-javascript'],
}, async ({ rating, page, language, javaScriptEnabled }) => {
  const recent = page.locator('[aria-labelledby="recent"]')
  await rating.open('so-tu-phap')
  await rating.answer()
  await rating.send()
  await rating.receipt()
  // The page's script stores it, which on a busy machine happens after the receipt is shown.
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
