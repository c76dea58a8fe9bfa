import { randomInt } from 'node:crypto'
import { pathFor } from '#messages/paths.ts'
import { account, expect, expectAccessible, test } from '../fixtures.ts'
import { reveal } from '../pages/report-pages.ts'

test('a survey manager drafts questions, tries them out, publishes them for a day to come and calls it off', async ({
  signIn,
  language,
}) => {
  test.skip(
    language === 'en',
    'with a script and without is what can differ; the words are the catalogue’s to compare',
  )
  const { page } = await signIn(account('survey_manager'))
  const send = () => page.locator('main form button[type="submit"]').last().click()
  await page.goto(pathFor(language, '/admin/survey/questionnaires'))
  await page.locator('form:has([name="base"]) button').click()
  const draft = page.locator('main [data-state="draft"][data-version]')
  await expect(draft).toBeVisible()
  const version = (await draft.getAttribute('data-version')) ?? ''
  await expectAccessible(page)

  // An error is shown beside its field, and everything that was typed is kept.
  const add = { pathname: '/admin/survey/questionnaires/[version]/add', params: { version } } as const
  await page.goto(pathFor(language, { ...add, query: { kind: 'several' } }))
  const words = {
    vi: 'Ông/bà đã nộp hồ sơ bằng những cách nào?',
    optionVi1: 'Tại quầy',
    optionEn1: 'Counter',
    optionVi2: 'Qua mạng',
    optionEn2: 'Online',
  }
  for (const [name, text] of Object.entries(words)) await page.locator(`[name="${name}"]`).fill(text)
  await send()
  await expect(page.locator('[data-error-for="en"]')).toBeVisible()
  await expectAccessible(page)
  await expect(page.locator('[name="optionVi2"]')).toHaveValue('Qua mạng')
  await page.locator('[name="en"]').fill('In which ways did you hand in your papers?')
  await send()
  const added = page.locator('[id^="question-q"]')
  await expect(added).toHaveCount(1)
  const key = ((await added.getAttribute('id')) ?? '').replace('question-', '')
  await added.locator('button[value="up"]').click()
  await expect(page.locator(`#question-${key} button[value="down"]`)).toBeVisible()

  // A conditional question depends on a single other question, is never required, and follows that question.
  await page.goto(pathFor(language, { ...add, query: { kind: 'text' } }))
  await page.locator('[name="vi"]').fill('Vì sao ông/bà chưa hài lòng?')
  await page.locator('[name="en"]').fill('Why were you not satisfied?')
  await page.locator('main details:has([name="shownIf_r1"]) > summary').first().click()
  await page.locator('details details:has([name="shownIf_r1"]) > summary').click()
  for (const level of ['1', '2']) await page.locator(`[name="shownIf_r1"][value="${level}"]`).check()
  await page.locator('[name="required"]').check()
  await send()
  await expect(page.locator('[data-error-for="required"]')).toBeVisible()
  await expect(page.locator('[name="shownIf_r1"]:checked')).toHaveCount(2)
  await expectAccessible(page)
  await page.locator('[name="required"]').uncheck()
  await send()
  const led = page.locator('#question-r1 [id^="question-q"]')
  await expect(led.locator('[data-condition="r1"]')).toBeVisible()
  const ledKey = ((await led.getAttribute('id')) ?? '').replace('question-', '')

  // The preview is the form itself. It validates but sends nothing.
  const params = { version }
  const preview = { pathname: '/admin/survey/questionnaires/[version]/preview', params } as const
  await page.goto(pathFor(language, preview))
  await expect(page.locator(`[name="${ledKey}"]`)).toBeHidden()
  await page.locator('[name="r1"][value="2"]').check()
  await expect(page.locator(`[name="${ledKey}"]`)).toBeVisible()
  await page.locator(`[name="${ledKey}"]`).fill('Phải đợi lâu.')
  await expectAccessible(page)
  await page.locator('[name="r1"][value="5"]').check()
  await expect(page.locator(`[name="${ledKey}"]`)).toBeHidden()
  await page.locator('main details:has(input) > summary').first().click()
  for (const option of ['counter', 'online'])
    await page.locator(`input[name="${key}"][value="${option}"]`).check()
  await send()
  await expect(page.locator('[data-error-for="r2"]')).toBeVisible()
  await expect(page.locator(`input[name="${key}"]:checked`)).toHaveCount(2)

  const publish = { pathname: '/admin/survey/questionnaires/[version]/publish', params } as const
  await page.goto(pathFor(language, publish))
  await expect(page.locator('[data-change="added"]')).toHaveCount(2)
  await page.locator('[name="reasonVi"]').fill('Nhiều người dùng hơn một cách.')
  await page.locator('[name="on"]').fill('2016-01-01')
  await send()
  await expect(page.locator('[data-error-for="reasonEn"]')).toBeVisible()
  await expect(page.locator('[data-error-for="on"]')).toBeVisible()
  const day = new Date(Date.now() + 200 * 86_400_000).toISOString().slice(0, 10)
  await page.locator('[name="on"]').fill(day)
  await page.locator('[name="reasonEn"]').fill('Many people use more than one way.')
  await send()
  const published = (state: string) => page.locator(`main [data-version="${version}"][data-state="${state}"]`)
  await expect(published('scheduled')).toBeVisible()
  await expect(page.locator('main form[id^="arrange"], main button[value="remove"]')).toHaveCount(0)
  await page.locator('#retire button[type="submit"]').click()
  await expect(published('cancelled')).toBeVisible()
  await expect(page.locator('[data-done]')).toBeVisible()
})

test('what a citizen suggests is read by the survey manager and answered for everybody, in other words', async ({
  rating,
  page,
  signIn,
  language,
}) => {
  const mark = `xin thêm câu ${randomInt(1e9)}`
  for (const who of ['An', 'Bình']) {
    await rating.open('binh-thanh')
    await rating.answer()
    await reveal(rating.field('suggestion'))
    await rating.field('suggestion').fill(`Tôi là ${who}, 0903123456, ${mark}`)
    await rating.send()
    await rating.receipt()
  }

  const manager = await signIn(account('survey_manager'))
  await manager.page.goto(pathFor(language, '/admin/survey/suggestions'))
  await expectAccessible(manager.page)
  // The other suggestion's row also contains these words, in its list of similar ones.
  await manager.page
    .locator('tr[data-suggestion]')
    .filter({ has: manager.page.locator('[data-own-words]', { hasText: `An, 0903123456, ${mark}` }) })
    .locator('a')
    .click()
  await expect(manager.page.locator('blockquote')).toContainText(mark)

  // A suggestion with the same text is merged into the open one, which stays open.
  const other = manager.page.locator('[data-other]', { hasText: `Bình, 0903123456, ${mark}` })
  await manager.page.locator('.card', { has: other }).locator('button').click()
  await expect(manager.page.locator('[data-done]')).toBeVisible()
  await expect(other.and(manager.page.locator('[data-state="merged"]'))).toBeVisible()
  await expect(manager.page.locator('blockquote')).toContainText(`An, 0903123456, ${mark}`)
  await manager.page.locator('[name="state"][value="declined"]').check()
  await manager.page.locator('[name="summaryVi"]').fill('Tóm tắt: gọi 0903123456')
  const answer = async () => manager.page.locator('#answer button[type="submit"]').click()
  await answer()
  await expect(manager.page.locator('[data-error-for="summaryVi"]')).toBeVisible()
  await expect(manager.page.locator('[data-error-for="answerVi"]')).toBeVisible()
  await expectAccessible(manager.page)
  const summary = `Hỏi về lối đi, ${randomInt(1e6)}`
  await manager.page.locator('[name="summaryVi"]').fill(summary)
  await manager.page.locator('[name="answerVi"]').fill('Câu 9 đã hỏi điều này.')
  await answer()
  await expect(manager.page.locator('main [data-state="declined"]:not([data-other])')).toBeVisible()
  await expect(manager.page.locator('[data-done]')).toBeVisible()

  await page.goto(pathFor(language, '/questions'))
  await expect(page.locator('[data-answer="declined"]', { hasText: summary })).toBeVisible()
  await expect(page.locator('body')).not.toContainText(mark)
  await expectAccessible(page)
})
