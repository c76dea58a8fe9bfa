import type { Page } from '@playwright/test'
import { boxLabel } from '#tests/proof.ts'
import { newAnswers } from '../answers.ts'
import { account, expect, test } from '../fixtures.ts'
import { Report } from '../forms/people.ts'
import { misfits, widenNumbers } from '../misfits.ts'
import { CasePage } from '../pages/case-page.ts'

/** The narrowest watch and phone, a desktop of 1280 × 800 at 200 % and 400 % zoom, and a browser with text twice as large. */
const SIZES = [
  [240, 480, ''],
  [320, 200, ''],
  [640, 400, ''],
  [640, 400, '200%'],
] as const

const LONG = {
  fullName: 'Nguyễn Phước Bảo Trân Châu '.repeat(5).slice(0, 100).trim(),
  place: 'Hẻm 284 đường Cách Mạng Tháng Tám gần chợ '.repeat(8).slice(0, 300).trim(),
  model: 'W'.repeat(50),
}

async function expectToFit(page: Page, what: string): Promise<void> {
  await widenNumbers(page)
  for (const [width, height, letters] of SIZES) {
    await page.setViewportSize({ width, height })
    await page.locator('html').evaluate((html, size) => {
      html.style.fontSize = size
    }, letters)
    expect.soft(await misfits(page), `${what} at ${width} ${letters}`).toEqual([])
  }
}

test('the longest name and place stay within a citizen’s and an officer’s page, at any size', async ({
  page,
  signIn,
}) => {
  const answers = newAnswers(LONG)
  const content = await boxLabel([answers.imei1, answers.imei2 ?? ''])
  const receipt = await new Report(answers, [
    { name: `${'nhan-'.repeat(40)}.jpg`, content, kind: 'box' },
  ]).file()
  const citizen = new CasePage(page, 'vi')
  await citizen.open(receipt)
  await page.evaluate(() => {
    for (const one of document.querySelectorAll('details')) one.open = true
  })
  await expectToFit(page, 'the case')
  const desk = await signIn(account('officer', 'quan-3'))
  await desk.openCase(receipt.number)
  await desk.opening.first().click()
  await expect(desk.page.locator('[data-open-until]')).toBeVisible()
  await expectToFit(desk.page, 'the desk')
})

test('each page of a report stays within its window, with the longest answers typed', async ({
  report,
  page,
}) => {
  const whole = page.viewportSize() ?? { width: 1280, height: 900 }
  const answers = newAnswers(LONG)
  let pages = 0
  for (await report.open(); (await report.step('send').count()) === 0; await report.onward(answers)) {
    await report.answer(answers)
    await expectToFit(page, `page ${++pages} of the report`)
    await page.setViewportSize(whole)
  }
  expect(pages).toBeGreaterThan(3)
  await expectToFit(page, 'the report before it is sent')
  const imeis = page.locator('.num[data-value]').filter({ hasText: /^\d\d \d{6} \d{6} \d$/ })
  const widths = await imeis.evaluateAll((all) => all.map((one) => one.getBoundingClientRect().width))
  expect(widths, 'two IMEIs line up digit by digit').toEqual([widths[0], widths[0]])
})

test('the receipt of a rating stays within its window', async ({ rating, page }) => {
  await rating.open('quan-3')
  await rating.answer()
  await rating.send()
  await rating.receipt()
  await expectToFit(page, 'the receipt of a rating')
})
