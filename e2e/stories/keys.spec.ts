import { account, expect, expectAccessible, test } from '../fixtures.ts'
import { Report } from '../forms/people.ts'
import { reveal } from '../pages/report-pages.ts'

test.skip(({ javaScriptEnabled }) => javaScriptEnabled === false, 'keys need a script')

test('a person works the frame by keyboard alone, and switches its keys off', async ({ signIn }) => {
  const city = await signIn(account('city_police', undefined, 1))
  const { page } = city
  const openSection = (path: string) => city.openSection(path)
  await openSection('ho-so')
  const search = page.locator('[name="q"]')
  await expect(search).toHaveAttribute('aria-keyshortcuts', '/')
  const dialog = page.locator('dialog.keys-dialog[open]')
  await city.keysAct()
  await page.keyboard.press('?')
  await expect(dialog).toBeVisible()
  await expect(dialog).toContainText('/')
  await expect(dialog).toContainText('Tìm hồ sơ')
  await expectAccessible(page)
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()

  await page.keyboard.press('/')
  await expect(search).toBeFocused()
  await expect(search).toHaveValue('')
  // While a person types, keys do nothing else. Escape leaves the field.
  await page.keyboard.type('a/?')
  await expect(search).toHaveValue('a/?')
  await expect(dialog).toBeHidden()
  await page.keyboard.press('Escape')
  await expect(search).not.toBeFocused()

  // The account menu opens. When it closes, the focus is back on its button.
  const menu = page.locator('details.desk-me')
  await menu.locator('summary').focus()
  await page.keyboard.press('Enter')
  await expect(menu).toHaveAttribute('open', '')
  await expectAccessible(page)
  await page.keyboard.press('Escape')
  await expect(menu).not.toHaveAttribute('open', '')
  await expect(menu.locator('summary')).toBeFocused()

  await openSection('tai-khoan-cua-toi')
  const keys = page.locator('form#keys')
  await reveal(keys)
  await keys.locator('[value="off"]').focus()
  await page.keyboard.press('Space')
  await keys.locator('button').focus()
  await page.keyboard.press('Enter')
  await page.waitForURL(/done=keys/)
  await expectAccessible(page)
  await openSection('ho-so')
  await expect(page.locator('[aria-keyshortcuts]')).toHaveCount(0)
  await page.keyboard.press('?')
  await expect(dialog).toBeHidden()

  await openSection('tai-khoan-cua-toi')
  await reveal(keys)
  await keys.locator('[value="on"]').check()
  await keys.locator('button').click()
  await page.waitForURL(/done=keys/)
})

test('what waits is counted beside the bell, and told while the page is open', async ({ signIn }) => {
  const relay = await signIn(account('relay', undefined, 1))
  await relay.openSection('lenh')
  const bell = relay.page.locator('.desk-bell')
  await expect(bell).toHaveAttribute('data-waiting', /^\d+$/)
  await bell.click()
  await relay.page.waitForURL(/viec-can-lam$/)
  await expectAccessible(relay.page)
  const [officer, supervisor] = [
    await signIn(account('officer', 'quan-3')),
    await signIn(account('supervisor', 'quan-3')),
  ]
  const { number } = await new Report().file()
  await officer.openCase(number)
  await supervisor.openSection('viec-can-lam')
  const of = supervisor.page.locator(`[data-task="to_confirm"][data-case-number="${number}"]`)
  await expect(of).toHaveCount(0)
  await officer.decide('hold', 'submitted', { reason: 'Vừa bị giật, máy còn bật.' })
  // The stream delivers it, without a reload.
  await expect(supervisor.page.getByRole('status').filter({ hasText: 'việc đang chờ' })).toHaveCount(1, {
    timeout: 20_000,
  })
  await supervisor.page.reload()
  await expect(of).toHaveCount(1)
  await expectAccessible(supervisor.page)
})

test('behind a proxy that keeps the stream back, the number is asked for', async ({ signIn }) => {
  const officer = await signIn(account('officer', 'quan-3'))
  const { page } = officer
  await page.clock.install()
  await page.route(/\/staff\/events$/, () => undefined)
  await page.route(/\/staff\/events\?once$/, (route) => route.fulfill({ json: { total: 87 } }))
  await officer.openSection('ho-so')
  await officer.keysAct()
  await page.clock.fastForward(21_000)
  await expect(page.locator('.desk-bell')).toHaveAttribute('data-waiting', '87')
})
