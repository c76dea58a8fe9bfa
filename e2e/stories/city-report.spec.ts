import { createHash } from 'node:crypto'
import type { APIRequestContext } from '@playwright/test'
import { account, expect, expectAccessible, test } from '../fixtures.ts'
import { reveal } from '../pages/report-pages.ts'

test('the survey manager makes the report to the City; it is nobody else’s until it is published, and one alone does not withdraw it', async ({
  signIn,
  request,
  page,
  language,
}) => {
  const [list, results, verify] =
    language === 'vi'
      ? ['khao-sat/bao-cao', '/ket-qua', '/xac-minh']
      : ['survey/report', '/en/results', '/en/verify']
  const manager = await signIn(account('survey_manager'))
  await manager.openSection(list)
  await expectAccessible(manager.page)

  await manager.page.locator('[name="period"]').selectOption('months')
  await manager.page.locator('[name="from"]').fill('13/2026')
  await manager.page.locator('main form button[type="submit"]').last().click()
  await expect(manager.page.locator('[data-error-for="from"]')).toBeVisible()
  await expect(manager.page.locator('[name="from"]')).toHaveValue('13/2026')
  await manager.page.locator('[name="period"]').selectOption({ index: 0 })
  await manager.page.locator('main form button[type="submit"]').last().click()
  await manager.page.waitForURL(/[0-9a-f-]{36}$/)

  // The page updates by itself.
  await expect(manager.page.locator('[aria-live="polite"] progress')).toBeVisible()
  await expect(manager.page.locator('[data-report-state="ready"]')).toBeVisible({ timeout: 120_000 })
  await expectAccessible(manager.page)
  const mark = manager.page.locator('[data-report]')
  const id = await mark.getAttribute('data-report')
  const sha256 = await mark.getAttribute('data-sha256')
  const file = (by: APIRequestContext, name: string) => by.get(`/api/survey/reports/${id}/${name}`)

  const data = await file(manager.page.request, 'data.json')
  expect(
    createHash('sha256')
      .update(await data.body())
      .digest('hex'),
  ).toBe(sha256)
  expect(data.headers()['cache-control']).toContain('no-store')
  const pdf = await file(manager.page.request, 'vi.pdf')
  expect(pdf.headers()['content-disposition']).toMatch(
    /^attachment; filename="bao-cao-hai-long_[\d_-]+\.vi\.pdf"/,
  )
  expect((await pdf.body()).subarray(0, 5).toString()).toBe('%PDF-')
  const auditor = await signIn(account('auditor'))
  expect((await file(auditor.page.request, 'en.xlsx')).status()).toBe(200)
  const officer = await signIn(account('officer'))
  for (const [by, name] of [
    [request, 'data.json'],
    [request, 'vi.pdf'],
    [officer.page.request, 'vi.pdf'],
    [manager.page.request, '..%2Fdata.json'],
  ] as const)
    expect((await file(by, name)).status()).toBe(404)

  await manager.press(manager.page.locator('main form button[type="submit"]'))
  const reason = manager.page.locator('[name="reason"]')
  await expect(reason).toBeVisible()
  expect((await file(request, 'vi.xlsx')).status()).toBe(200)
  const withdraw = manager.page.locator('main form button[type="submit"]')
  await manager.press(withdraw)
  await expect(manager.page.locator('[data-error-for="reason"]')).toBeVisible()
  await expectAccessible(manager.page)
  await reason.fill('Thiếu số liệu của hai phường.')
  await manager.press(withdraw)
  // It takes a second survey manager. The first one's request changes nothing, and they cannot confirm it.
  const asked = manager.page.locator('[data-request]')
  await expect(asked).toHaveAttribute('data-own', 'true')
  await expect(asked).toContainText('Thiếu số liệu của hai phường.')
  await expect(asked.locator('button')).toHaveCount(1)
  await expectAccessible(manager.page)
  expect((await file(request, 'vi.xlsx')).status()).toBe(200)

  await page.goto(results)
  await expect(page.locator(`[data-report="${id}"]`)).toHaveAttribute('data-sha256', sha256 ?? '')
  await page.goto(verify)
  const typed = page.locator('[name="report"]')
  await reveal(typed)
  await typed.fill('Báo cáo')
  await typed.press('Enter')
  await expect(page.locator('[data-error-for="report"]')).toBeVisible()
  await typed.fill(`${sha256?.slice(0, 16)}…`)
  await typed.press('Enter')
  await expect(page.locator('[data-report-standing="published"]')).toBeVisible()
  await expectAccessible(page)
})
