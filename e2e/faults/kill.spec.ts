import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Browser, expect, type Page, test } from '@playwright/test'
import { newAnswers } from '../answers.ts'
import type { DemoAccount } from '../demo-account.ts'
import { account as demoAccount } from '../fixtures.ts'
import { Outbox } from '../outbox.ts'
import { CARRIERS, CasePage } from '../pages/case-page.ts'
import { ReportPages } from '../pages/report-pages.ts'
import { StaffPages } from '../pages/staff-pages.ts'
import { killNow } from '../processes.ts'
import { type Product, startProduct } from '../product.ts'

// Each kill interrupts the work at another point. The expected result afterwards is always the same.
test.describe.configure({ mode: 'serial', timeout: 240_000 })

let product: Product
test.beforeAll(async () => {
  product = await startProduct()
})
test.afterAll(() => product.stop())

const outbox = () => new Outbox(join(product.dataDir, 'outbox'))
const kill = (script: string) => killNow(product.process.pid ?? 0, script)

const account = (role: string, scope?: string) => demoAccount(role, scope, 0, product.dataDir)

async function untilBack(): Promise<void> {
  await expect
    .poll(
      () =>
        fetch(`${product.url}/api/health/ready`).then(
          (answer) => answer.ok,
          () => false,
        ),
      { timeout: 60_000 },
    )
    .toBe(true)
}

const visitor = async (browser: Browser): Promise<Page> =>
  (await browser.newContext({ baseURL: product.url })).newPage()

test('the web server dies between sending and the receipt: one case, and its receipt opens', async ({
  browser,
}) => {
  // Each round uses another person, because signing in takes a code, and there are only two a minute.
  for (const [delay, role] of [
    [0, 'officer'],
    [15, 'supervisor'],
    [60, 'city_police'],
  ] as const) {
    const answers = newAnswers()
    const page = await visitor(browser)
    const report = new ReportPages(page, 'vi', outbox())
    await report.fillIn(answers)
    const sent = report
      .step('send')
      .click({ noWaitAfter: true })
      .catch(() => {})
    await sleep(delay)
    kill('next-server')
    await sent
    await untilBack()
    // Does what a person would do: opens the last known page again, and sends again if the page asks for it. If
    // the first request arrived after all, the page redirects to the receipt.
    await page.goto('/bao-mat-may/xem-lai').catch(() => page.waitForLoadState())
    if ((await report.step('send').count()) > 0) {
      for (const consent of ['consentProcessing', 'consentCarriers', 'declareTrue']) {
        await page.locator(`[name="${consent}"]`).check()
      }
      await report.step('send').click()
    }
    const receipt = await report.receipt()

    const staff = new StaffPages(await visitor(browser), 'vi', account(role), product.dataDir)
    await staff.signIn()
    await expect(await staff.search(answers.contactEmail)).toHaveCount(1)
    await staff.openCase(receipt.number)
    await staff.page.context().close()
    await page.context().close()
  }
})

test('the worker dies while it sends messages: each arrives, and arrives once', async ({ browser }) => {
  const answers = newAnswers()
  const page = await visitor(browser)
  const report = new ReportPages(page, 'vi', outbox())
  await report.fillIn(answers)
  const sent = report.step('send').click()
  for (const delay of [30, 200, 400]) {
    await sleep(delay)
    kill('scripts/worker.ts')
    await sleep(1200)
  }
  await sent
  const { number } = await report.receipt()
  const told = () =>
    outbox()
      .messagesTo(answers.contactEmail)
      .filter((text) => text.includes(number))
  await expect.poll(() => told().length, { timeout: 90_000 }).toBeGreaterThanOrEqual(1)
  await sleep(3000)
  const ids = told().map((text) => /^message-id:\s*(\S+)/im.exec(text)?.[1])
  expect(new Set(ids).size).toBe(ids.length)
  expect(
    told().filter(
      (text) =>
        !outbox()
          .codesTo(answers.contactEmail)
          .some((code) => text.includes(code)),
    ),
  ).toHaveLength(1)
})

test('the web server dies while carriers report: every order applied, each list as the book says', async ({
  browser,
}) => {
  const answers = newAnswers()
  const page = await visitor(browser)
  const report = new ReportPages(page, 'vi', outbox())
  const receipt = await report.file(answers)
  const signedIn = async (who: DemoAccount) => {
    const staff = new StaffPages(await visitor(browser), 'vi', who, product.dataDir)
    await staff.signIn()
    return staff
  }
  const officer = await signedIn(account('officer', 'quan-3'))
  await officer.openCase(receipt.number)
  await officer.decide('take', 'under_review')
  await officer.decide('verify', 'verified', { reason: 'Khớp nhãn hộp.' })
  const supervisor = await signedIn(account('supervisor', 'quan-3'))
  await supervisor.openCase(receipt.number)
  await supervisor.decide('approve', 'blocking', { reason: 'Đã xem.' })
  for (const delay of [20, 700, 1500]) {
    await sleep(delay)
    kill('next-server')
    await untilBack()
  }
  const casePage = new CasePage(page, 'vi')
  await casePage.open(receipt)
  await casePage.waitFor('blocked')
  expect(await casePage.carrierStates()).toEqual(Object.fromEntries(CARRIERS.map((id) => [id, 'applied'])))
  for (const id of CARRIERS) {
    const eir = readFileSync(join(product.dataDir, 'eir', `${id}.json`), 'utf8')
    for (const imei of [answers.imei1, answers.imei2 ?? '']) expect(eir.split(imei)).toHaveLength(2)
  }
})
