import { execFileSync } from 'node:child_process'
import { newAnswers } from '../answers.ts'
import { account, expect, expectAccessible, test } from '../fixtures.ts'
import { blocked, decide, Report } from '../forms/people.ts'
import { CasePage } from '../pages/case-page.ts'
import { type Product, startProduct } from '../product.ts'

const PLACE = 'Trước 12 Lê Quý Đôn, phường Võ Thị Sáu'
const FULL = { tag: ['@full'] }

let product: Product
const shared = { E2E_URL: process.env.E2E_URL, E2E_DATA_DIR: process.env.E2E_DATA_DIR }
// An edition applies to the whole product, so these tests use their own.
test.beforeAll(async () => {
  product = await startProduct()
  process.env.E2E_URL = product.url
  process.env.E2E_DATA_DIR = product.dataDir
})
test.afterAll(async () => {
  Object.assign(process.env, shared)
  await product.stop()
})

/** Puts an edition in force as an operator does, and returns the command's output. */
const putInForce = (...args: readonly string[]): string =>
  execFileSync(process.execPath, ['scripts/areas-load.ts', ...args], {
    env: { ...process.env, DATA_DIR: product.dataDir, DATABASE_URL: '' },
    encoding: 'utf8',
  })

test(
  'wards take over open cases in three states and a draft; a ward is found by typing, and without a script',
  FULL,
  async ({ browser, page, report, signIn }) => {
    const submitted = await new Report({ place: PLACE }).file()
    const reviewed = await new Report().file()
    await decide('officer', reviewed.number, 'take')
    const shut = await blocked(newAnswers())
    const draft = new Report()
    await draft.toReview()

    expect(putInForce('2025', '--on')).toContain('3 open cases')

    // Each case names the office that answers now, and has kept its state.
    const wards = {
      [submitted.number]: 'Phường Xuân Hòa',
      [reviewed.number]: 'Quận 3',
      [shut.number]: 'Quận 3',
    }
    for (const [receipt, states] of [
      [submitted, /submitted/],
      [reviewed, /under_review/],
      [shut, /blocking|blocked/],
    ] as const) {
      const context = await browser.newContext({ baseURL: product.url })
      const seen = new CasePage(await context.newPage(), 'vi')
      await seen.open(receipt)
      await expect(seen.status).toHaveAttribute('data-case-status', states)
      await expect(seen.page.locator('main')).toContainText(wards[receipt.number] ?? '')
      await context.close()
    }
    // No queue loses a case. The district's officers keep those that they had taken.
    const officer = await signIn(account('officer', 'quan-3'))
    await officer.openCase(reviewed.number)
    await expect(officer.decision('verify')).toHaveCount(1)

    // The draft asks for the area again, keeps everything else, and can be sent.
    await draft.handTo(page, '/bao-mat-may/xem-lai')
    await expect(report.error('district')).toContainText('phường')
    await expect(page).toHaveURL(/\/bao-mat-may(\?|$)/)
    const list = page.locator('select[name="district"]')
    const search = page.locator('input[type="search"]')
    const all = await list.locator('option').count()
    expect(all).toBeGreaterThan(168)
    await expectAccessible(page)

    for (const [typed, chosen] of [
      ['p bến nghé', 'phuong-sai-gon'],
      ['vo thi sau', 'phuong-xuan-hoa'],
      ['côn đảo', 'dac-khu-con-dao'],
    ] as const) {
      await search.fill(typed)
      await expect(list, typed).toHaveValue(chosen)
      await expect(page.locator('[role="status"]', { hasText: 'Đã chọn' })).toBeVisible()
    }
    await search.fill('thu duc')
    await expect(page.locator('[role="status"]', { hasText: 'trong danh sách' })).toBeVisible()
    expect(await list.locator('option').count()).toBeLessThan(all / 4)
    await expectAccessible(page)
    await search.fill('nơi không có')
    await expect(list.locator('option')).toHaveCount(all)
    // Enter moves to the list, and does not send an unseen choice.
    await search.fill('xuan hoa')
    await search.press('Enter')
    await expect(list).toBeFocused()
    await expect(list).toHaveValue('phuong-xuan-hoa')
    await report.next()
    await page.goto('/bao-mat-may/xem-lai')
    await report.fillInFromHere(draft.answers)
    const receipt = await report.send()
    expect(receipt.number).toMatch(/^HCM-/)

    // Without a script, the page has the whole list by districts, and no search field.
    const context = await browser.newContext({ baseURL: product.url, javaScriptEnabled: false })
    const plain = await context.newPage()
    await plain.setViewportSize({ width: 360, height: 640 })
    await plain.goto('/bao-mat-may')
    await expect(plain.locator('input[type="search"]')).toBeHidden()
    await expect(plain.locator('select[name="district"] optgroup[label="Quận 3"] option')).not.toHaveCount(0)
    await plain.locator('[name="incidentType"][value="snatched"]').check()
    await plain.locator('[name="incidentWhen"][value="now"]').check()
    await plain.locator('select[name="district"]').selectOption('phuong-sai-gon')
    await plain.locator('button[name="step"][value="next"]').click()
    await expect(plain.locator('[name="contactEmail"]')).toBeVisible()
    await context.close()

    expect(putInForce('2025', '--off')).toContain('open cases')
    await officer.openCase(submitted.number)
    await expect(officer.page.locator('main')).toContainText('Quận 3')
  },
)
