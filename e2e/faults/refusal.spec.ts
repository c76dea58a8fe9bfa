import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, expect, type Page, test } from '@playwright/test'
import { newAnswers } from '../answers.ts'
import type { DemoAccount } from '../demo-account.ts'
import { expectAccessible } from '../fixtures.ts'
import { Outbox } from '../outbox.ts'
import { CasePage } from '../pages/case-page.ts'
import { ReportPages } from '../pages/report-pages.ts'
import { StaffPages } from '../pages/staff-pages.ts'
import { type Product, startProduct } from '../product.ts'

test.describe.configure({ timeout: 180_000 })

let product: Product
test.beforeAll(async () => {
  product = await startProduct()
})
test.afterAll(() => product.stop())

const visitor = async (browser: Browser): Promise<Page> =>
  (await browser.newContext({ baseURL: product.url })).newPage()

const accounts = (role: string): DemoAccount[] =>
  (JSON.parse(readFileSync(join(product.dataDir, 'demo-accounts.json'), 'utf8')) as DemoAccount[]).filter(
    (one) => one.role === role && (one.scope === undefined || one.scope === 'quan-3'),
  )

async function signIn(browser: Browser, role: string, nth = 0): Promise<StaffPages> {
  const who = accounts(role)[nth]
  if (!who) throw new Error(`no ${role}`)
  const staff = new StaffPages(await visitor(browser), 'vi', who, product.dataDir)
  await staff.signIn()
  return staff
}

function behave(carrier: string, behaviour: Record<string, unknown>): void {
  mkdirSync(join(product.dataDir, 'eir'), { recursive: true })
  writeFileSync(join(product.dataDir, 'eir', `${carrier}.behaviour.json`), JSON.stringify(behaviour))
}

test('a carrier refuses: the relay tries again; another cannot: two people exempt it, and the citizen reads why', async ({
  browser,
}) => {
  behave('gmobile', { mode: 'refuse', code: 'not_supported' })
  behave('mobifone', { mode: 'refuse', code: 'technical' })
  const report = new ReportPages(await visitor(browser), 'vi', new Outbox(join(product.dataDir, 'outbox')))
  const receipt = await report.file(newAnswers())
  const officer = await signIn(browser, 'officer')
  await officer.openCase(receipt.number)
  await officer.decide('take', 'under_review')
  await officer.decide('verify', 'verified', { reason: 'Khớp nhãn hộp.' })
  const supervisor = await signIn(browser, 'supervisor')
  await supervisor.openCase(receipt.number)
  await supervisor.decide('approve', 'blocking', { reason: 'Đã xem.' })

  const casePage = new CasePage(await visitor(browser), 'vi')
  await casePage.open(receipt)
  const stateOf = async (carrier: string) => {
    await casePage.page.reload()
    return (await casePage.carrierStates())[carrier]
  }
  await expect.poll(() => stateOf('gmobile'), { timeout: 30_000 }).toBe('failed')
  await expect.poll(() => stateOf('mobifone'), { timeout: 30_000 }).toBe('failed')
  // If the carrier cannot carry out an order, the page promises no further attempt.
  await expect(casePage.page.locator('[data-carrier="gmobile"]')).toContainText(
    'Nhà mạng chưa chặn được loại máy này.',
  )
  await expect(casePage.page.locator('[data-carrier="gmobile"]')).not.toContainText('gửi lại')

  const relay = await signIn(browser, 'relay', 0)
  const openOrder = async (staff: StaffPages, carrier: string) => {
    await staff.openSection(`lenh?carrier=${carrier}`)
    await staff.page.locator('tr[data-order] a').first().click()
    await staff.page.waitForURL(/\/lenh\/[0-9a-f-]+/)
  }
  behave('mobifone', { mode: 'apply' })
  await openOrder(relay, 'mobifone')
  await expectAccessible(relay.page)
  await relay.page.locator('form:has([name="orderId"]) button', { hasText: 'Gửi lại' }).first().click()
  await expect.poll(() => stateOf('mobifone'), { timeout: 30_000 }).toBe('applied')

  await openOrder(relay, 'gmobile')
  await relay.page.locator('[name="reason"]').fill('Hệ thống của nhà mạng chưa chặn được theo IMEI.')
  await relay.press(relay.page.locator('form:has([name="reason"]) button').first())
  await expect(relay.page.locator('main')).toContainText('Bạn đã yêu cầu việc này')
  await expect(relay.page.locator('button', { hasText: 'Xác nhận' })).toHaveCount(0)
  expect(await stateOf('gmobile')).toBe('failed')

  const second = await signIn(browser, 'relay', 1)
  await openOrder(second, 'gmobile')
  await second.press(second.page.locator('button', { hasText: 'Xác nhận' }).first())
  await casePage.waitFor('blocked')
  expect(await stateOf('gmobile')).toBe('exempt')
  const page = casePage.page.locator('main')
  await expect(page).toContainText('Hệ thống của nhà mạng chưa chặn được theo IMEI.')
  // That carrier's SIM still works, so the page must not claim that no SIM works.
  await expect(page).toContainText('Máy vẫn có thể dùng với SIM Gmobile')
  await expect(page).not.toContainText('Ai lắp SIM vào máy cũng không gọi')
})
