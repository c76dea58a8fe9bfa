import { randomInt } from 'node:crypto'
import type { Browser, Page } from '@playwright/test'
import { formatImei } from '#lib/imei/imei.ts'
import { drawPhoto } from '#tests/photos/draw.ts'
import { newAnswers } from '../answers.ts'
import { expect, expectAccessible, productUrl, test } from '../fixtures.ts'
import { openProof, staff } from '../forms/people.ts'
import type { Outbox } from '../outbox.ts'
import { photo } from '../photo.ts'

const address = (): string => `may-${randomInt(1e9)}@example.vn`

const WAYS = [
  { how: 'with a script, wide and light', javaScriptEnabled: true },
  { how: 'without a script, on a phone and dark', javaScriptEnabled: false },
] as const

const press = (page: Page, field: string) => page.locator(`form:has([name="${field}"]) button`).last().click()

/** Opens a person's list of phones in a new browser, by contact and code. */
async function enter(
  browser: Browser,
  outbox: Outbox,
  contact: string,
  javaScriptEnabled: boolean,
  path = '/may-cua-toi',
): Promise<Page> {
  const context = await browser.newContext({
    ...{ javaScriptEnabled, baseURL: productUrl() },
    ...(javaScriptEnabled
      ? { viewport: { width: 1280, height: 900 } }
      : { viewport: { width: 360, height: 740 }, colorScheme: 'dark' as const }),
  })
  const page = await context.newPage()
  const before = outbox.codesTo(contact).length
  await page.goto(path)
  await page.locator('[name="contact"]').fill(contact)
  await page.locator('main form button').first().click()
  await page.locator('[name="contactCode"]').fill(await outbox.code(contact, before))
  await Promise.all([page.waitForEvent('load'), page.locator('main form button').first().click()])
  return page
}

/** Registers the phone of a drawn box label: by its photo if there is a script, by typing otherwise. */
async function register(page: Page, javaScriptEnabled: boolean, nth: number): Promise<string> {
  const { imeis, jpeg } = await drawPhoto(16, nth)
  const [imei = ''] = imeis
  await page.locator('form#add button').click()
  if (javaScriptEnabled) {
    const file = { name: 'Nhãn hộp.jpg', mimeType: 'image/jpeg', buffer: jpeg }
    await page.locator('[data-photo-reader] input[type="file"]').last().setInputFiles(file)
    await page.locator(`[data-imei="${imei}"]`).click({ timeout: 40_000 })
    await expect(page.locator('[name="imei1"]')).toHaveValue(formatImei(imei))
    await expect(page.locator('[data-photo-proof]')).toHaveAttribute('data-photo-proof', 'stored')
  } else await page.locator('[name="imei1"]').fill(imei)
  await page.locator('[name="colour"]').fill('Đen')
  const { fullName = '', nationalId = '' } = newAnswers()
  await page.locator('summary', { has: page.getByText(/đứng tên|report it/) }).click()
  await page.locator('[name="fullName"]').fill(fullName)
  await page.locator('[name="idKind"][value="cccd"]').check()
  await page.locator('[name="nationalId"]').fill(nationalId)
  // Without the consent, the form shows an error at the box and keeps its input.
  await press(page, 'consentRegistration')
  await expect(page.locator('[data-error-for="consentRegistration"]')).toBeVisible()
  await expect(page.locator('[name="colour"]')).toHaveValue('Đen')
  await page.locator('[name="consentRegistration"]').check()
  await press(page, 'consentRegistration')
  await expect(page.locator('[data-phone-state="registered"]')).toBeVisible()
  return imei
}

for (const { how, javaScriptEnabled } of WAYS) {
  test.describe(how, () => {
    test.use({ language: 'vi', javaScriptEnabled })

    test('a trusted person reports for the owner, who undoes it', async ({ browser, outbox }) => {
      const [contact, other] = [address(), address()]
      const home = await enter(browser, outbox, contact, javaScriptEnabled)
      await register(home, javaScriptEnabled, javaScriptEnabled ? 2 : 5)
      if (!javaScriptEnabled) {
        const { name, buffer } = await photo()
        await home.locator('[name="evidence"]').setInputFiles({ name, mimeType: 'image/jpeg', buffer })
        await home.locator('button[name="step"][value="add"]').click()
      }
      await home.goto('/may-cua-toi')
      await home.locator('#trusted summary').click()
      await press(home, 'trustedName')
      await expect(home.locator('[data-error-for="trustedName"]')).toBeVisible()
      await home.locator('[name="trustedName"]').fill('Trần Văn Nam')
      await home.locator('[name="trustedContact"]').fill(other)
      await home.locator('[name="trustedOwner"]').fill('chị Tuyết')
      await press(home, 'trustedName')
      await expect(home.locator('[data-trusted="asked"]')).toBeVisible()

      const helper = await enter(browser, outbox, other, javaScriptEnabled, '/bao-giup')
      await expect(helper.locator('[data-asks="open"]')).toContainText('chị Tuyết')
      await expectAccessible(helper)
      await helper.locator('[data-asks] form button').first().click()
      await expect(helper.locator('[data-asks="accepted"]')).toBeVisible()
      await home.goto('/may-cua-toi')
      await press(home, 'consentTrusted')
      await expect(home.locator('[data-error-for="consentTrusted"]')).toBeVisible()
      await home.locator('[name="consentTrusted"]').check()
      await press(home, 'consentTrusted')
      await expect(home.locator('[data-trusted="confirmed"]')).toBeVisible()
      await expectAccessible(home)

      await helper.goto('/bao-giup')
      await press(helper, 'incidentType')
      await expect(helper.locator('[data-error-for="phone"]')).toBeVisible()
      await expectAccessible(helper)
      await helper.locator('[name="phone"]').first().check()
      await helper.locator('[name="incidentType"][value="snatched"]').check()
      await helper.locator('[name="incidentWhen"][value="now"]').check()
      await helper.locator('select[name="district"]').selectOption('quan-3')
      await press(helper, 'incidentType')
      await expect(helper.locator('[data-done="sent"]')).toBeVisible()

      await home.goto('/may-cua-toi')
      const number = await home.locator('[data-sent-for] .num').first().textContent()
      const officer = await staff('officer', 'quan-3')
      expect((await officer.open(`/quan-tri/ho-so/${number}`)).body).toContain('data-sent-by')
      await expectAccessible(home)
      await home.locator('[data-sent-for] form button').click()
      await expect(home.locator('[data-sent-for="undone"]')).toBeVisible()
      await expect(home.locator('[data-trusted="accepted"]')).toBeVisible()
      await Promise.all([home.context().close(), helper.context().close()])
    })

    test('a registered phone is reported from another device in two pages', async ({ browser, outbox }) => {
      const contact = address()
      const home = await enter(browser, outbox, contact, javaScriptEnabled)
      await expectAccessible(home)
      await register(home, javaScriptEnabled, javaScriptEnabled ? 1 : 4)
      await expectAccessible(home)
      if (!javaScriptEnabled) {
        const { name, buffer } = await photo()
        await home.locator('[name="evidence"]').setInputFiles({ name, mimeType: 'image/jpeg', buffer })
        await home.locator('button[name="step"][value="add"]').click()
        await expect(home.locator('[data-evidence]')).toHaveCount(1)
      }
      await home.goto('/may-cua-toi')
      await expectAccessible(home)
      await home.context().close()

      // The phone is lost. The person uses a borrowed phone, with contact and code.
      const page = await enter(browser, outbox, contact, javaScriptEnabled)
      const begun = Date.now()
      const pages: string[] = []
      page.on('framenavigated', (frame) => {
        const { pathname } = new URL(frame.url())
        if (pathname.startsWith('/bao-mat-may')) pages.push(pathname)
      })
      await page.locator('[data-phone-state="registered"] form button').first().click()
      await page.locator('[name="incidentType"][value="snatched"]').check()
      await page.locator('[name="incidentWhen"][value="now"]').check()
      await page.locator('select[name="district"]').selectOption('quan-3')
      await page.locator('button[name="step"][value="next"]').click()
      await expect(page).toHaveURL(/xem-lai/)
      for (const box of ['consentProcessing', 'consentCarriers', 'declareTrue'])
        await page.locator(`[name="${box}"]`).check()
      await page.locator('button[name="step"][value="send"]').click()
      const number = await page.locator('[data-case-number]').first().getAttribute('data-case-number')
      expect(Date.now() - begun).toBeLessThan(60_000)
      expect(new Set(pages.filter((path) => !path.includes('bien-nhan'))).size).toBe(2)
      await page.goto('/may-cua-toi')
      await expect(page.locator('[data-phone-state="reported"]')).toContainText(number ?? '')

      // Police see the registration before they open any papers.
      const officer = await staff('officer', 'quan-3')
      const file = await officer.open(`/quan-tri/ho-so/${number}`)
      expect(file.body).toContain('data-registration="own"')
      expect(file.body).not.toContain('data-registration-late')
      await page.context().close()
    })

    test('a sold phone has a paper, which police read when its seller reports it', async ({
      browser,
      outbox,
    }) => {
      const [seller, buyer] = [address(), address()]
      const mine = await enter(browser, outbox, seller, javaScriptEnabled)
      await register(mine, javaScriptEnabled, javaScriptEnabled ? 2 : 5)
      if (!javaScriptEnabled) {
        const { name, buffer } = await photo()
        await mine.locator('[name="evidence"]').setInputFiles({ name, mimeType: 'image/jpeg', buffer })
        await mine.locator('button[name="step"][value="add"]').click()
      }
      await mine.locator('form#certify button').click()
      const paper = mine.locator('[data-certificate-code]')
      await expect(paper.locator('[data-claim="reported"]')).toHaveAttribute('data-right', 'true')
      // Registered only today, and the paper says so.
      await expect(paper.locator('[data-claim="since"]')).toHaveAttribute('data-right', 'false')
      await expectAccessible(mine)
      const code = (await paper.getAttribute('data-certificate-code')) ?? ''

      const theirs = await enter(browser, outbox, buyer, javaScriptEnabled, `/may-cua-toi?for=${code}`)
      await expect(theirs.locator('[data-certificate-code]')).toHaveAttribute('data-certificate-code', code)
      await expectAccessible(theirs)
      await theirs.locator('[name="consentRegistration"]').check()
      await press(theirs, 'consentRegistration')
      await expect(theirs.locator('[role="status"]').first()).toBeVisible()

      await mine.goto('/may-cua-toi')
      await mine.locator('[data-phone] a[href*="/may-cua-toi/"]').click()
      await expectAccessible(mine)
      await mine.locator('form#hand-over button').click()
      await expect(mine.locator('[data-handover-side="gave"]')).toBeVisible()
      await expect(mine.locator('[data-phone-state="handed_over"]')).toBeVisible()
      await theirs.goto('/may-cua-toi')
      await theirs.locator('[data-phone-state="registered"] a[href*="/may-cua-toi/"]').click()
      await expect(theirs.locator('[data-handover-side="got"]')).toBeVisible()
      await expectAccessible(theirs)

      // The seller reports it nevertheless.
      await mine.locator('details:has(form[id^="report-"]) > summary').click()
      await mine.locator('form[id^="report-"] button').click()
      await mine.locator('[name="incidentType"][value="lost"]').check()
      await mine.locator('[name="incidentWhen"][value="now"]').check()
      await mine.locator('select[name="district"]').selectOption('quan-3')
      await mine.locator('button[name="step"][value="next"]').click()
      for (const box of ['consentProcessing', 'consentCarriers', 'declareTrue'])
        await mine.locator(`[name="${box}"]`).check()
      await mine.locator('button[name="step"][value="send"]').click()
      const number = (await mine.locator('[data-case-number]').first().getAttribute('data-case-number')) ?? ''
      const officer = await staff('officer', 'quan-3')
      const file = await officer.open(`/quan-tri/ho-so/${number}`)
      expect(file.body).toContain('data-handed-over="BG-')
      expect(file.body).toContain('data-registration="other"')

      // The buyer is told of the report and answers it. Police who open the papers read the answer.
      await expect
        .poll(
          async () => {
            await theirs.reload()
            return theirs.locator('[data-phone-warning="open"]').count()
          },
          {
            timeout: 170_000,
            intervals: [5_000],
          },
        )
        .toBe(1)
      await theirs.locator('[name="message"]').fill('Tôi mua máy này, có giấy sang tên.')
      await press(theirs, 'message')
      await expect(theirs.locator('[data-phone-warning="answered"]')).toBeVisible()
      const opened = await openProof(officer, number)
      expect(opened.body).toContain('Tôi mua máy này, có giấy sang tên.')
      await mine.context().close()
      await theirs.context().close()
    })
  })
}

test('a seller’s paper is checked by its signature without a network', async ({ browser, outbox }) => {
  test.slow()
  const mine = await enter(browser, outbox, address(), true)
  await register(mine, true, 3)
  await mine.locator('form#certify button').click()
  const paper = mine.locator('[data-certificate-code]')
  const code = (await paper.getAttribute('data-certificate-code')) ?? ''
  const scanned = (await paper.locator('[data-scanned]').getAttribute('data-scanned')) ?? ''
  expect(scanned).toContain(code)
  const context = await browser.newContext({ baseURL: productUrl() })
  const page = await context.newPage()
  await page.goto('/chung-nhan')
  await expectAccessible(page)
  await context.setOffline(true)
  await page.locator('summary').last().click()
  const check = async (text: string) => {
    await page.locator('#pasted').fill(text)
    await page.locator('form:has(#pasted) button').click()
  }
  await check(scanned)
  await expect(page.locator('[data-offline="right"]')).toBeVisible()
  const [head = '', token = ''] = scanned.split('#')
  const [header, payload = '', signature] = token.split('.')
  await check(`${head}#${header}.${payload.slice(0, -6)}AAAAAA.${signature}`)
  await expect(page.locator('[data-offline="unsigned"]')).toBeVisible()
  await context.setOffline(false)
  await page.locator('[name="certificate"]').fill(scanned)
  await press(page, 'certificate')
  await expect(page.locator('[data-certificate-result="right"]')).toBeVisible()
  await context.close()
  await mine.context().close()
})
