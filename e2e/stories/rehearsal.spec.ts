import type { Page } from '@playwright/test'
import { expect, expectAccessible, test } from '../fixtures.ts'

const next = (page: Page) => page.locator('button[name="step"][value="next"]').click()
const press = (page: Page) => page.locator('[data-rehearsal-next] form button').last().click()

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with a script' : 'without a script, on a phone and dark', () => {
    test.use({
      ...{ language: 'vi', javaScriptEnabled },
      ...(!javaScriptEnabled && {
        viewport: { width: 360, height: 740 },
        colorScheme: 'dark' as const,
      }),
    })

    test('a report is rehearsed to its block, and nothing of it is sent', async ({ page, outbox }) => {
      const sent = outbox.codesTo('dientap@example.vn').length
      await page.goto('/dien-tap')
      await expectAccessible(page)
      await page.locator('main form button').first().click()
      const marked = () => expect(page.locator('[data-rehearsal]')).toBeVisible()
      await marked()
      // Refused like a real report, and the choices are kept.
      await page.locator('[name="incidentType"][value="snatched"]').check()
      await next(page)
      await expect(page.locator('[data-error-for="district"]')).toBeVisible()
      await expect(page.locator('[name="incidentType"][value="snatched"]')).toBeChecked()
      await page.locator('[name="incidentWhen"][value="now"]').check()
      await page.locator('select[name="district"]').selectOption('quan-3')
      await next(page)
      await marked()
      await next(page)
      const said = await page.locator('[data-rehearsal-message]').textContent()
      await page.waitForLoadState()
      await page.locator('[name="contactCode"]').fill(/\d{6}/.exec(said ?? '')?.[0] ?? '')
      await expectAccessible(page)
      await next(page)
      const imei = await page.locator('[name="imei1"]').inputValue()
      expect(imei).toMatch(/^00/)
      await page.locator('[name="imei1"]').fill('35 298706 581662 3')
      await next(page)
      await expect(page.locator('[data-error-for="imei1"]')).toBeVisible()
      await page.locator('[name="imei1"]').fill(imei)
      await Promise.all([page.waitForEvent('load'), next(page)])
      await marked()
      await Promise.all([page.waitForEvent('load'), next(page)])
      await expectAccessible(page)
      for (const box of ['consentProcessing', 'consentCarriers', 'declareTrue'])
        await page.locator(`[name="${box}"]`).check()
      await page.locator('button[name="step"][value="send"]').click()

      for (const state of ['submitted', 'under_review', 'verified', 'blocking', 'blocking']) {
        await expect(page.locator('[data-case-status]')).toHaveAttribute('data-case-status', state)
        await marked()
        await press(page)
      }
      await expect(page.locator('[data-case-status="blocked"]')).toBeVisible()
      await expectAccessible(page)
      // There is no case, so nothing on the page acts on one.
      await expect(page.locator('form[action*="/api/case/"], button[name="act"]')).toHaveCount(0)
      expect(outbox.codesTo('dientap@example.vn')).toHaveLength(sent)
      await page.locator('summary', { hasText: 'Dừng tập' }).click()
      await page.locator('form#end button').click()
      await expect(page.locator('[data-rehearsal]')).toHaveCount(0)
    })
  })
}
