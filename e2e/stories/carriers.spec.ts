import { newAnswers } from '../answers.ts'
import { account, accounts, expect, expectAccessible, test } from '../fixtures.ts'
import { decide, Report } from '../forms/people.ts'

test('the relay keeps whom a carrier has on duty, and sees who is late and what waits', async ({
  signIn,
}) => {
  const relay = await signIn(account('relay'))
  const { page } = relay
  await relay.openSection('nha-mang')
  await expect(page.locator('tr[data-carrier]')).toHaveCount(5)
  await expectAccessible(page)

  await page.locator('tr[data-carrier="vietnamobile"] a').first().click()
  const contacts = page.locator('#contacts')
  const fill = async (form: ReturnType<typeof page.locator>, name: string, phone: string) => {
    await form.locator('summary').click()
    await form.locator('[name="contactName"]').fill(name)
    await form.locator('[name="contactEmail"]').fill('truc@vietnamobile.example')
    await form.locator('[name="contactPhone"]').fill(phone)
    await form.locator('button').click()
  }
  await fill(contacts.locator('#contact'), 'Trần Quốc Bình', 'gọi Bình')
  await expect(contacts.locator('[data-error-for="contactPhone"]')).toBeVisible()
  await expectAccessible(page)
  await contacts.locator('[name="contactPhone"]').fill('0921 234 567')
  await contacts.locator('#contact button').click()
  const contact = contacts.locator('[data-contact]')
  await expect(contact).toContainText('0921 234 567')
  await fill(contact.locator('form').first(), 'Lê Hồng Nhung', '1800 8098')
  await expect(contact).toContainText('18008098')
  await contact.locator('form').last().locator('button').click()
  await expect(contact).toHaveCount(0)

  await relay.openSection('lenh/dot-gui')
  await expect(page.locator('#mode [name="releaseMode"]')).toHaveCount(3)
  await expectAccessible(page)
})

test('an order is found by a part of its number, its carrier finds it by IMEI alone, and a last key is not cut off by mistake', async ({
  signIn,
}) => {
  const answers = newAnswers()
  const { number } = await new Report(answers).file()
  await decide('officer', number, 'take')
  await decide('officer', number, 'verify', { reason: 'Số trên hộp khớp.' })
  await decide('supervisor', number, 'approve', { reason: 'Đồng ý.' })
  const relay = await signIn(account('relay'))
  const { page } = relay
  await relay.openSection('lenh')
  await page.locator('h1').click()
  await relay.keysAct()
  await page.keyboard.press('/')
  await expect(page.locator('#find [name="q"]')).toBeFocused()
  await page.keyboard.type(number.slice(4, 8).toLowerCase())
  await page.keyboard.press('Enter')
  await page.waitForURL(/found=/)
  await expect(page.locator('tr[data-order]').filter({ hasText: number })).toHaveCount(5)
  await expectAccessible(page)
  const [order] = await page
    .locator('tr[data-carrier="gmobile"]')
    .filter({ hasText: number })
    .evaluateAll((rows) => rows.map((row) => row.getAttribute('data-order')))
  await relay.openSection(`lenh/nhieu-lenh?act=exempt&order=${order}`)
  await expect(page.locator(`tr[data-order="${order}"]`)).toBeVisible()
  await expectAccessible(page)

  const own = await signIn(accounts().find((one) => one.carrier === 'gmobile') ?? account('carrier'))
  await own.openSection('nha-mang/gmobile/lenh')
  const find = async (text: string) => {
    await own.page.locator('#find [name="q"]').fill(text)
    await own.page.locator('#find button').click()
    await own.page.waitForURL(/found=/)
    expect(own.page.url()).not.toContain(text)
  }
  await find(number)
  await expect(own.page.locator('tr[data-order]')).toHaveCount(0)
  await own.openSection('nha-mang/gmobile/lenh')
  await find(answers.imei1)
  await expect(own.page.locator('tr[data-order]')).toHaveAttribute('data-order', order ?? '')
  await expect(own.page.locator('main')).not.toContainText(number)
  await own.openSection('nha-mang/gmobile/so-lieu')
  await expect(own.page.locator('[data-chart]')).toHaveCount(3)
  await expectAccessible(own.page)

  await own.openSection('nha-mang/gmobile')
  await own.page.locator('#keys td a').first().click()
  await expect(own.page.locator('[data-last-key="true"] [data-calls]')).toBeVisible()
  await own.page.locator('#consider button').click()
  await own.page.locator('[name="carrierName"]').fill('Viettel')
  await expectAccessible(own.page)
  await own.press(own.page.locator('#revoke button'))
  await expect(own.page.locator('[data-error-for="carrierName"]')).toBeVisible()
})
