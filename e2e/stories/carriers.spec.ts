import { account, expect, expectAccessible, test } from '../fixtures.ts'

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
