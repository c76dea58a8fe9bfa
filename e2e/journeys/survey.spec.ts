import { randomInt } from 'node:crypto'
import { pathFor } from '#messages/paths.ts'
import { expect, expectAccessible, test } from '../fixtures.ts'
import { reveal } from '../pages/report-pages.ts'

test('find an agency, be told what is missing with everything kept, rate it, get a receipt', {
  tag: ['@without-javascript', '@phone'],
}, async ({ rating, page }) => {
  await rating.find('so y te', 'so-y-te')
  await expectAccessible(page)

  // The day is asked before any question.
  const asked = page.locator('main form:has([name="r1"]) :is(fieldset [type="radio"], [type="date"])')
  await expect(asked.first()).toHaveAttribute('name', 'serviceWhen')
  await rating.answer({ r1: '4', r2: 'late_told', r3: '1', r5: '5', r6: 'right', e1: 'online' })
  await rating.field('serviceDate').fill('2016-01-01')
  await rating.field('procedure').fill('Cấp giấy phép')
  await rating.field('comment').fill('Chờ lâu.')
  await rating.send()
  await expect(rating.error('r4')).toBeVisible()
  await expect(rating.error('serviceDate')).toBeVisible()
  await expect(rating.error('r1')).toHaveCount(0)
  await expectAccessible(page)
  await expect(page.locator('input[name="r2"][value="late_told"]')).toBeChecked()
  await expect(page.locator('input[name="e1"][value="online"]')).toBeChecked()
  await expect(page.locator('input[name="e1"][value="online"]')).toBeVisible()
  await expect(rating.field('procedure')).toHaveValue('Cấp giấy phép')
  await expect(rating.field('comment')).toHaveValue('Chờ lâu.')

  const code = `H29-${randomInt(1e9)}`
  const today = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Ho_Chi_Minh' }).format(new Date())
  await rating.answer({ r4: 'na' })
  await rating.field('serviceDate').fill(today)
  await rating.field('dossierCode').fill(code)
  await rating.send()
  expect(await rating.receipt()).toMatch(/^DG(-[0-9A-Z]{4}){3}-[0-9A-Z]$/)
  await expectAccessible(page)
  await page.reload()
  const receipt = await rating.receipt()
  await page.locator('main a[href*="receipt="]').click()
  await expect(page.locator('input[name="receipt"]')).toHaveValue(receipt)
  await page.locator('form:has([name="receipt"]) button').click()
  await expect(page.locator('[data-receipt-state="counted"]')).toBeVisible()
  await expectAccessible(page)

  await rating.open('quan-1')
  await rating.answer()
  await reveal(rating.field('dossierCode'))
  await rating.field('dossierCode').fill(code.toLowerCase())
  await rating.send()
  await expect(rating.error('dossierCode')).toBeVisible()
  await rating.field('dossierCode').fill('')
  await rating.send()
  await rating.receipt()
})

test('an agency is found as people write it, and where nothing is meant the nearest is offered', async ({
  rating,
  page,
  language,
  javaScriptEnabled,
}) => {
  await rating.find('UBND Q.03, TP.HCM', 'quan-3')
  if (javaScriptEnabled) {
    // Agencies are suggested while typing, and can be chosen by keyboard alone.
    await page.goto(pathFor(language, '/rate'))
    const search = page.getByRole('combobox')
    await search.pressSequentially('thu duc')
    await expect(page.getByRole('option').first()).toBeVisible()
    await expectAccessible(page)
    await search.press('ArrowDown')
    await expect(page.getByRole('option', { selected: true })).toHaveCount(1)
    await search.press('Enter')
    await page.waitForURL(/thu-duc/)
  }
  await page.goto(`${pathFor(language, '/rate')}?q=${encodeURIComponent('Công an quận 3')}`)
  await expect(page.getByText(language === 'vi' ? 'Có phải nơi cần tìm là' : 'Did you mean')).toBeVisible()
  await expectAccessible(page)
  await page.locator('main a[href$="quan-3"]').click()
  await expect(rating.field('r1').first()).toBeAttached()
})
