import { randomInt } from 'node:crypto'
import { newAnswers } from '../answers.ts'
import { account, expect, expectAccessible, productUrl, test } from '../fixtures.ts'
import { CasePage } from '../pages/case-page.ts'
import { reveal } from '../pages/report-pages.ts'

const number = (): string => `0${randomInt(900_000_000, 909_999_999)}`
const international = (phone: string): string => `+84${phone.slice(1)}`

const WAYS = [
  { tag: [] as string[], how: 'in Vietnamese, with a script, wide and light', javaScriptEnabled: true },
  {
    tag: [] as string[],
    how: 'in Vietnamese, without a script, on a phone and dark',
    javaScriptEnabled: false,
  },
] as const

for (const { tag, how, javaScriptEnabled } of WAYS) {
  test.describe(how, { tag }, () => {
    test.use({
      language: 'vi',
      javaScriptEnabled,
      viewport: javaScriptEnabled ? { width: 1280, height: 900 } : { width: 360, height: 740 },
      colorScheme: javaScriptEnabled ? 'light' : 'dark',
    })

    test('a report by a friend’s number gets a number of its own, and the friend can refuse it', async ({
      browser,
      report,
      outbox,
    }) => {
      const friend = number()
      const receipt = await report.file(newAnswers({ contactEmail: '', contactPhone: friend }))
      const home = await browser.newContext({ javaScriptEnabled, baseURL: productUrl() })
      const mine = new CasePage(await home.newPage(), 'vi')
      await mine.open(receipt)
      const { page } = mine
      const form = (field: string) => page.locator(`form:has([name="${field}"])`)

      // A mistyped number is reported beside its field, and kept.
      await reveal(page.locator('[name="newContact"]'))
      await page.locator('[name="newContact"]').fill('0912')
      await form('newContact').locator('button').click()
      await expect(page.locator('[data-error-for="newContact"]')).toBeVisible()
      await expect(page.locator('[name="newContact"]')).toHaveValue('0912')
      const own = number()
      await page.locator('[name="newContact"]').fill(own)
      await form('newContact').locator('button').click()
      await page.locator('[name="contactCode"]').fill('000000')
      await form('contactCode').locator('button').first().click()
      await expect(page.locator('[data-error-for="contactCode"]')).toBeVisible()
      await page.locator('[name="contactCode"]').fill(await outbox.code(international(own)))
      await form('contactCode').locator('button').first().click()
      await expect(mine.act('keep_contacts')).toBeVisible()
      await expect(mine.act('drop_contact')).toHaveCount(0)
      await expectAccessible(page)

      // The friend has no secret. A code is enough to refuse.
      const elsewhere = await browser.newContext({ javaScriptEnabled, baseURL: productUrl() })
      const friends = await elsewhere.newPage()
      const codes = outbox.codesTo(international(friend)).length
      await friends.goto(`/ho-so/nhan-ma?from=${receipt.number}`)
      await friends.locator('form:has([name="caseNumber"]) button').first().click()
      await friends.locator('[name="contactCode"]').fill(await outbox.code(international(friend), codes))
      await friends.locator('form:has([name="contactCode"]) button').first().click()
      await expect(friends.locator('[data-case-status]')).toBeVisible()
      await expect(friends.locator('main')).not.toContainText(new RegExp(`[•*] ?${own.slice(-3)}`))
      await expectAccessible(friends)
      await friends.locator('button[name="act"][value="keep_contacts"]').click()
      await expect(friends.locator('button[name="act"][value="keep_contacts"]')).toHaveCount(0)
      await expect(friends.locator('[role="status"]').first()).toBeVisible()
      await page.reload()
      await expect(mine.act('keep_contacts')).toHaveCount(0)
      await expect(page.locator('[name="newContact"]')).toHaveCount(0)
      await home.close()
      await elsewhere.close()
    })

    test('a person who lost the secret adds a contact, an IMEI and a bank at the desk', async ({
      signIn,
      report,
      outbox,
    }) => {
      const friend = number()
      const answers = newAnswers({ contactEmail: '', contactPhone: friend, imei2: '' })
      const { number: caseNumber } = await report.file(answers)
      const desk = await signIn(account('officer'))
      const { page } = desk
      const field = (name: string) => page.locator(`[name="${name}"]`)
      const form = (name: string) => page.locator(`form:has([name="${name}"])`)
      await desk.openCase(caseNumber)
      const contact = page.locator('summary', { hasText: 'Thêm nơi nhận tin' })
      await contact.click()
      await expect(page.locator('[data-desk-contact="unseen"]')).toBeVisible()
      await expect(field('newContact')).toHaveCount(0)
      await expect(page.locator('[name="deskAct"][value="add_imei"]')).toHaveCount(0)
      await desk.disclose('contact')

      // The person reads the code to the officer. The friend is told, and has a day to refuse.
      const own = number()
      await reveal(field('newContact'))
      await field('newContact').fill(own)
      await expectAccessible(page)
      await desk.press(form('newContact').locator('button'))
      await field('contactCode').fill('000000')
      await desk.press(form('contactCode').locator('button').first())
      await expect(page.locator('[data-error-for="contactCode"]')).toBeVisible()
      await field('contactCode').fill(await outbox.code(international(own)))
      await desk.press(form('contactCode').locator('button').first())
      await expect(page).toHaveURL(/done=add_contact/)
      await contact.click()
      await expect(page.locator('[data-desk-contact="contact_waits"]')).toBeVisible()
      await expect
        .poll(() => outbox.messagesTo(international(friend)).some((text) => text.includes('Công an thêm')))
        .toBe(true)

      // Faults are shown beside their fields, and nothing is lost.
      const write = async (act: string) => {
        const choice = page.locator(`[name="deskAct"][value="${act}"]`)
        // The page that follows an act closes the folds again.
        await expect(async () => {
          await reveal(choice)
          await choice.check({ timeout: 2000 })
        }).toPass()
        await form('deskAct').locator('[name="message"]').fill('Mang căn cước đến xin thêm.')
        await desk.press(form('deskAct').locator('button').last())
      }
      const imei = form('deskAct').locator('[name="imei1"]')
      await reveal(imei)
      await imei.fill('123')
      await write('add_imei')
      await expect(page.locator('[data-error-for="imei1"]')).toBeVisible()
      // The script groups the digits.
      await expect(imei).toHaveValue(/^12 ?3$/)
      await expectAccessible(page)
      await imei.fill(newAnswers().imei1 ?? '')
      await write('add_imei')
      await expect(page).toHaveURL(/done=desk_act/)
      await expect(page.locator('[data-error-for]')).toHaveCount(0)

      const bank = page.locator('[name="share"][value="momo"]')
      await reveal(bank)
      await bank.check()
      await write('tell_banks')
      // The officer who wrote it down does not release it.
      await expect(page.locator('form#allow-alerts')).toHaveCount(0)
      await expect(page.locator('[name="share"][value="momo"]')).toHaveCount(0)
      await write('stop_banks')
      await expect(page.locator('[name="share"][value="momo"]')).toHaveCount(1)
      await expect(page.locator('[name="deskAct"][value="stop_banks"]')).toHaveCount(0)
    })
  })
}

test('one door sends a person who has lost everything but their number the number of their case', async ({
  browser,
  report,
  outbox,
}) => {
  const contactPhone = number()
  const receipt = await report.file(newAnswers({ contactEmail: '', contactPhone }))
  const elsewhere = await browser.newContext({ baseURL: productUrl() })
  const page = await elsewhere.newPage()
  const said = async (contact: string) => {
    await page.goto('/ho-so/tim?other=1')
    await page.locator('[name="contact"]').fill(contact)
    await page.locator('form:has([name="contact"]) button').first().click()
    await expect(page.locator('[name="contactCode"]')).toBeVisible()
    return ((await page.locator('main').textContent()) ?? '')
      .replace(contact, '…')
      .replaceAll(/0\d{3} \d{3} \d{3}/g, '…')
  }
  const known = await said(contactPhone)
  await expectAccessible(page)
  expect(await said(number())).toBe(known)
  await expect
    .poll(
      () =>
        outbox.messagesTo(international(contactPhone)).filter((text) => text.includes(receipt.number)).length,
    )
    .toBeGreaterThan(1)
  await elsewhere.close()
})
