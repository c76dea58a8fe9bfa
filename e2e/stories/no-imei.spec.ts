import { randomInt } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newAnswers, newImei } from '../answers.ts'
import { account, dataDir, expect, expectAccessible, productUrl, test } from '../fixtures.ts'
import { CARRIERS, CasePage } from '../pages/case-page.ts'
import { reveal } from '../pages/report-pages.ts'
import { photo } from '../photo.ts'

const TITLE =
  'no IMEI at hand: the carrier of the SIM names phones, their person chooses one, and it is blocked'

const WIDE = { width: 1280, height: 900 }
const PHONE = { width: 360, height: 740 }

/** The SIM's carrier. No other test changes how its orders are delivered. */
const CARRIER = 'mobifone'
// The tests rewrite the carrier's whole file of SIMs, so they must not run in parallel.
test.describe.configure({ mode: 'default' })

const WAYS = [
  {
    tag: [] as string[],
    how: 'in Vietnamese, wide and light',
    look: { language: 'vi', viewport: WIDE, colorScheme: 'light', javaScriptEnabled: true },
  },
  {
    tag: '@full',
    how: 'in English, on a phone and dark',
    look: { language: 'en', viewport: PHONE, colorScheme: 'dark', javaScriptEnabled: true },
  },
  {
    tag: '@full',
    how: 'without a script, on a phone and dark',
    look: { language: 'vi', viewport: PHONE, colorScheme: 'dark', javaScriptEnabled: false },
  },
  {
    tag: '@full',
    how: 'without a script, in English, wide and light',
    look: { language: 'en', viewport: WIDE, colorScheme: 'light', javaScriptEnabled: false },
  },
] as const

for (const { tag, how, look } of WAYS) {
  test.describe(how, { tag }, () => {
    test.use(look)
    test(TITLE, async ({ browser, report, signIn }) => {
      const [imei, another] = [newImei(), newImei()]
      const phoneNumber1 = `09012${randomInt(10_000, 99_999)}`
      const contactPhone = `0${randomInt(900_000_000, 909_999_999)}`
      const answers = newAnswers({
        ...{ imei1: '', imei2: '', brand: '', model: '', phoneNumber1, contactEmail: '', contactPhone },
      })
      const held = { idNumber: answers.nationalId, imeis: [another, imei] }
      await mkdir(join(dataDir(), 'eir'), { recursive: true })
      await writeFile(
        join(dataDir(), `eir/${CARRIER}.sims.json`),
        JSON.stringify({ [`+84${phoneNumber1.slice(1)}`]: held }),
      )

      await report.open()
      await report.fillInTo('imeiUnknown', answers)
      await report.answer(answers)
      await report.page.locator('[name="imeiUnknown"]').check()
      await report.page.locator('[name="consentCarrierLookup"]').check()
      await report.next()
      for (let pages = 0; pages < 8 && (await report.step('send').count()) === 0; pages++) {
        // Without a box there is nothing to photograph.
        if ((await report.page.locator('input[name="evidence"]').count()) > 0) await report.next()
        else await report.onward(answers)
      }
      for (const consent of ['consentProcessing', 'consentCarriers', 'declareTrue'])
        await report.page.locator(`[name="${consent}"]`).check()
      await expectAccessible(report.page)
      const receipt = await report.send()

      // The report was sent from a borrowed phone, and its person continues at home.
      const home = await browser.newContext({ ...look, baseURL: productUrl() })
      const casePage = new CasePage(await home.newPage(), look.language)
      await casePage.open(receipt)
      await expect(casePage.status).toHaveAttribute('data-case-status', 'submitted')
      await expect(casePage.page.locator('[data-imei-unknown]')).toBeVisible()
      await expect(casePage.page.locator('[name="imeiChoice"]')).toHaveCount(0)
      await expectAccessible(casePage.page)

      const officer = await signIn(account('officer', 'quan-3'))
      await officer.openCase(receipt.number)
      await officer.decide('take', 'under_review')
      await expect(officer.decision('verify')).toHaveCount(0)
      await expect(officer.decision('hold')).toHaveCount(0)
      const answered = officer.page.locator('[data-question-answer="imeis"]')
      await expect(async () => {
        await officer.openCase(receipt.number)
        await expect(answered).toBeVisible({ timeout: 100 })
      }).toPass()
      await expect(officer.page.locator('main')).not.toContainText(imei)
      await officer.disclose()
      await expect(officer.page.locator(`[data-named-imei="${imei}"]`)).toBeVisible()
      // On a phone, the link to the decision floats over the papers and may half cover a line, which is no
      // fault. So the check runs at the end of the page.
      await officer.page.evaluate(() => window.scrollTo(0, document.body.scrollHeight))
      await expectAccessible(officer.page)
      await officer.decide('release_imeis', 'under_review', { reason: 'Để người báo chọn máy.' })

      await casePage.page.reload()
      const phone = casePage.page.locator('label', { hasText: imei.slice(-4) }).locator('[name="imeiChoice"]')
      await expect(casePage.page.locator('main')).not.toContainText(imei)
      await expectAccessible(casePage.page)
      await phone.check()
      const act = casePage.act('give_imei')
      const files = act.locator('xpath=ancestor::form').locator('[name="evidence"]')
      await reveal(files)
      await files.setInputFiles(await photo())
      await Promise.all([casePage.page.waitForEvent('load'), act.click()])
      await expect(casePage.page.locator('[data-imei-unknown]')).toHaveCount(0)
      await expect(casePage.act('give_imei')).toHaveCount(0)

      await officer.openCase(receipt.number)
      await officer.decide('verify', 'verified', { reason: 'Ảnh hộp khớp với máy nhà mạng đã nêu.' })
      const supervisor = await signIn(account('supervisor', 'quan-3'))
      await supervisor.openCase(receipt.number)
      await supervisor.decide('approve', 'blocking', { reason: 'Đã xem lại giấy tờ.' })
      await casePage.waitFor('blocked')
      expect(await casePage.carrierStates()).toEqual(
        Object.fromEntries(CARRIERS.map((id) => [id, 'applied'])),
      )
      await home.close()
    })
  })
}
