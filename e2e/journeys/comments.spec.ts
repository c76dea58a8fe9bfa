import { randomInt } from 'node:crypto'
import { localDate } from '#lib/time.ts'
import { pathFor } from '#messages/paths.ts'
import { newWord } from '../answers.ts'
import { account, expect, expectAccessible, productUrl, test } from '../fixtures.ts'
import { Visitor } from '../forms/visitor.ts'

const RATE = pathFor('vi', { pathname: '/rate/[agency]', params: { agency: 'quan-3' } })
const ANSWERS = { serviceWhen: 'today', r1: '2', r2: 'late_told', r3: '1', r4: '3', r5: '3', r6: 'right' }

/** Sends ten people's ratings, which makes the first one's comment public even if other tests rate meanwhile. */
async function rateTenTimes(comment: string): Promise<void> {
  const visitor = new Visitor(productUrl())
  const network = `10.${randomInt(256)}.${randomInt(256)}`
  for (let n = 0; n < 10; n++) {
    const from = { headers: { 'x-forwarded-for': `${network}.${n}` } }
    const form = await visitor.open(RATE)
    const sent = await visitor.submit(form, 'name="r1"', { ...ANSWERS, ...(n === 0 && { comment }) }, from)
    expect(sent.status).toBe(303)
  }
}

test('an agency reads what people wrote, masked, answers it in public, keeps its promise, and takes the answer back', async ({
  page,
  signIn,
  language,
}) => {
  const mark = newWord()
  await rateTenTimes(`Việc ${mark}: chị Lan bảo gọi 0912 345 678.`)
  const { page: desk } = await signIn(account('agency_viewer', 'quan-3'))
  await desk.goto(pathFor(language, '/admin/survey/comments'))
  const comment = desk.locator('[data-comment]', { hasText: mark })
  await expect(comment).toContainText(`Việc ${mark}: chị [tên người] bảo gọi [số điện thoại].`)
  await expectAccessible(desk)
  await desk.locator('main form button').last().click()
  await expect(desk.locator('[data-error-for="comment"]')).toBeVisible()
  await expectAccessible(desk)
  await comment.locator('input').check()
  await desk.locator('main form button').last().click()

  const field = (name: string) => desk.locator(`main [name="${name}"]`)
  const send = (name: string) => field(name).locator('xpath=ancestor::form').locator('button').first().click()
  await field('said').fill('Chị Lan để người dân phải gọi lại.')
  await field('answer').fill(`Đã trả lời ngay tại quầy. (${mark})`)
  await field('promise').fill('Mở thêm một quầy.')
  await field('dueOn').fill(localDate(new Date()))
  await send('said')
  await expect(desk.locator('[data-error-for="said"]')).toBeVisible()
  await expect(field('promise')).toHaveValue('Mở thêm một quầy.')
  await expectAccessible(desk)
  await field('said').fill('Người dân phải gọi lại mới biết kết quả.')
  await send('said')
  await expect(desk.locator('[data-promise="doing"]')).toBeVisible()
  await expect(desk.locator('[data-done]')).toBeVisible()
  await expectAccessible(desk)
  await field('done').fill('Đã mở quầy.')
  await send('done')
  await expect(desk.locator('[data-promise="kept"]')).toBeVisible()

  for (const pathname of ['/results/[agency]', '/results/[agency]/replies'] as const) {
    await page.goto(pathFor(language, { pathname, params: { agency: 'quan-3' } }))
    const reply = page.locator('[data-reply]', { hasText: mark })
    await expect(reply.locator('[data-promise="kept"]')).toBeVisible()
    await expect(page.locator('main')).not.toContainText(`Việc ${mark}`)
    await expectAccessible(page)
  }

  await field('reason').fill(`Nêu nhầm quầy. (${mark})`)
  await send('reason')
  await expect(desk.locator('[data-withdrawn]')).toBeVisible()
  await page.reload()
  const gone = page.locator('[data-withdrawn]', { hasText: mark })
  await expect(gone).toBeVisible()
  await expect(gone).not.toContainText('Đã trả lời ngay tại quầy')
  await expectAccessible(page)
})

test('the survey manager masks what the machine missed, and is told that it is saved', async ({
  signIn,
  language,
}) => {
  const mark = newWord()
  await rateTenTimes(`Việc ${mark}: người tên gọi ở nhà là Tèo.`)
  const { page } = await signIn(account('survey_manager'))
  await page.goto(pathFor(language, '/admin/survey'))
  await page.locator('[data-waits="held"] a').click()
  await page.locator('[data-held]').first().waitFor()
  await expectAccessible(page)
  // A name without a form of address before it: the comment is held as doubtful, and the agency cannot read it yet.
  await page.locator('[data-held]', { hasText: mark }).locator('a').click()
  const field = page.locator('main [name="masked"]')
  const send = page.locator('form', { has: page.locator('[name="masked"]') }).locator('button')
  await field.waitFor()
  // Input that was typed before the script ran must remain when the script takes over.
  const { promise: mayRun, resolve: run } = Promise.withResolvers<void>()
  await page.route('**/_next/static/**', async (route) => {
    if (route.request().resourceType() === 'script') await mayRun
    await route.continue()
  })
  await page.goto(page.url(), { waitUntil: 'commit' })
  await field.fill(`Việc ${mark} của Tèo.`)
  run()
  await page.waitForLoadState('networkidle')
  await expect(field).toHaveValue(`Việc ${mark} của Tèo.`)
  await send.click()
  await expect(page.locator('[data-error-for="masked"]')).toBeVisible()
  await expect(page.locator('[data-done]')).toHaveCount(0)
  await field.fill(`Việc ${mark}: người tên gọi ở nhà là [tên người].`)
  await send.click()
  await expect(page.locator('[data-done]')).toBeVisible()
  await expect(field).toHaveValue(`Việc ${mark}: người tên gọi ở nhà là [tên người].`)
  await expectAccessible(page)
  await page.locator('button[name="decision"][value="passed"]').click()
  await page.waitForURL(/done=passed/)
  await expect(page.locator('[data-held]', { hasText: mark })).toHaveCount(0)
})
