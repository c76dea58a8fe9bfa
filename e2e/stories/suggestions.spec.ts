import { randomInt } from 'node:crypto'
import { newWord } from '../answers.ts'
import { account, expect, test } from '../fixtures.ts'
import { visitor } from '../forms/people.ts'

const ANSWERS = { r1: '5', r2: 'ontime', r3: '0', r4: '4', r5: '4', r6: 'right' }

/** Sends a rating with a suggestion, each time from another address. */
async function suggest(suggestion: string): Promise<void> {
  const who = visitor()
  const form = await who.open('/danh-gia/binh-thanh')
  const from = { headers: { 'x-forwarded-for': `10.${randomInt(256)}.${randomInt(256)}.${randomInt(256)}` } }
  const sent = await who.submit(form, 'name="r1"', { serviceWhen: 'today', ...ANSWERS, suggestion }, from)
  expect(sent.status).toBe(303)
}

test.describe('without a script', () => {
  test.use({ javaScriptEnabled: false })

  test('what says the very same goes into one suggestion at one press in the list, and what is alike once it is ticked', async ({
    signIn,
  }) => {
    const mark = `Hỏi cả về ghế ngồi chờ ở quầy ${newWord()}`
    for (const text of [mark, mark.toLocaleUpperCase('vi'), ` ${mark} `, `${mark} và quạt`])
      await suggest(text)
    const { page } = await signIn(account('survey_manager'))
    await page.goto('/quan-tri/khao-sat/gop-y')
    const row = page.locator('tr[data-suggestion]').filter({
      has: page.locator('[data-own-words]', { hasText: new RegExp(`^\\s*${mark}\\s*$`, 'i') }),
    })
    await expect(row).toHaveCount(3)
    const id = (await row.first().getAttribute('data-suggestion')) ?? ''
    const kept = page.locator(`tr[data-suggestion="${id}"]`)
    await kept.locator('button[value="same"]').click()
    await expect(page.locator('[data-done]')).toBeVisible()
    await expect(row).toHaveCount(1)
    await expect(kept.locator('button[value="same"]')).toHaveCount(0)

    const alike = kept.locator('details')
    await alike.locator('summary').click()
    await alike.locator('button[value="chosen"]').click()
    await expect(page.locator('[role="alert"]').first()).toBeVisible()
    const ids = await page.locator('[id]').evaluateAll((all) => all.map((one) => one.getAttribute('id')))
    expect(ids.filter((one, at) => ids.indexOf(one) !== at)).toEqual([])
    // The boxes to tick stay visible beside the error.
    await alike.getByLabel(`${mark} và quạt`).check()
    await alike.locator('button[value="chosen"]').click()
    await expect(page.locator('[data-done]')).toBeVisible()
    // Another test's suggestion may be similar, and contain this one in its folded list.
    await expect(page.locator('[data-own-words]', { hasText: mark })).toHaveCount(1)
    await expect(kept).not.toContainText('và quạt')

    // It was merged by mistake, and is taken out again from the suggestion that received it.
    await kept.getByRole('link').last().click()
    const there = page.locator('[data-other]', { hasText: 'và quạt' }).locator('xpath=..')
    await there.getByRole('button', { name: /Tách ra/ }).click()
    await expect(page.locator('[data-done]')).toBeVisible()
    await expect(page.locator('main [data-state="new"] blockquote')).toContainText('và quạt')
  })
})
