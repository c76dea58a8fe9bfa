import { randomInt } from 'node:crypto'
import { checkCharacter } from '#lib/crockford.ts'
import { account, expect, expectAccessible, test } from '../fixtures.ts'

const PAGE = 'khao-sat/thu-moi'

test('two survey managers draw people of a list; a link answers once, and says why it does not again or after its time', async ({
  signIn,
  browser,
  rating,
  page,
  outbox,
}) => {
  const mark = randomInt(1e9)
  const rows = (wrong = '') =>
    [
      'procedure,contact,reference',
      ...Array.from({ length: 31 }, (_, at) => `1.000894,moi-${mark}-${at}@example.vn,HS-${at}`),
      wrong,
    ].join('\n')
  const first = await signIn(account('survey_manager'))
  await first.openSection(PAGE)
  const list = first.page.locator('form:has([name="table"])')
  const send = () => list.locator('button[type="submit"]').click()
  // The error is shown beside the table with its row number, and the input is kept.
  await list.locator('[name="agency"]').selectOption('binh-tan')
  await list.locator('[name="month"]').fill(`11/${2_000 + randomInt(17, 26)}`)
  await list.locator('[name="source"]').fill('Trung tâm hành chính công')
  await list.locator('[name="table"]').fill(rows('x,Nguyễn Văn An,'))
  await send()
  await expect(first.page.locator('[data-error-for="table"]')).toContainText('33')
  await expectAccessible(first.page)
  await expect(list.locator('[name="source"]')).toHaveValue('Trung tâm hành chính công')
  await list.locator('[name="table"]').fill(rows())
  await send()
  await expect(first.page.locator('tr[data-draw="binh-tan"][data-state="listed"]')).not.toHaveCount(0)

  const draw = first.page.locator('form:has([name="size"])').first()
  await draw.locator('[name="size"]').fill('31')
  await first.press(draw.locator('button[type="submit"]'))
  await first.page.waitForURL(/done=asked/)
  await expectAccessible(first.page)
  // The person who asked cannot confirm, and nobody is invited until another person has confirmed.
  await first.openSection('xac-nhan')
  const own = first.page.locator('[data-kind="survey.draw"]').last()
  await expect(own.locator('button')).toHaveCount(1)
  const id = (await own.getAttribute('data-request')) ?? ''
  expect(outbox.messagesTo(`moi-${mark}-`)).toEqual([])

  const second = await signIn(account('survey_manager', undefined, 1))
  await second.openSection('xac-nhan')
  const request = second.page.locator(`[data-request="${id}"]`)
  await expect(request).toContainText('31')
  await expectAccessible(second.page)
  await second.press(request.locator('button').first())
  await second.page.waitForURL(/done=confirmed/)
  await second.openSection(PAGE)
  await expect(second.page.locator('tr[data-draw="binh-tan"][data-state="open"]')).not.toHaveCount(0)

  const links = () =>
    outbox.messagesTo(`moi-${mark}-7@`).flatMap((text) => /https?:\S+[?&]moi=[0-9A-Z]+/.exec(text) ?? [])
  await expect.poll(() => links().length, { timeout: 60_000 }).toBe(1)
  const [link = ''] = links()
  await page.goto(link)
  await expectAccessible(page)
  // An invitation belongs to a dossier, so the form asks for no dossier code.
  await expect(rating.field('dossierCode')).toHaveCount(0)
  await rating.answer()
  await rating.send()
  const receipt = await rating.receipt()
  expect(receipt).not.toBe('')

  // A second person opens the same link. Their answers are not accepted, and the page offers the open form.
  const other = await browser.newPage()
  await other.goto(link)
  await expect(other.locator('[data-invitation="spent"]')).toBeVisible()
  await expect(other.locator('main form')).toHaveCount(0)
  await expectAccessible(other)
  // After its month, nothing is stored about a link. An incomplete link is recognised by its check character.
  const none = '000000000000000'
  await other.goto(`/danh-gia/binh-tan?moi=${none}${checkCharacter(none)}`)
  await expect(other.locator('[data-invitation="over"]')).toBeVisible()
  await other.goto(link.slice(0, -1))
  await expect(other.locator('[data-invitation="broken"]')).toBeVisible()
  await other.locator('main a[href="/danh-gia/binh-tan"]').click()
  await expect(other.locator('[name="dossierCode"]')).toHaveCount(1)
})
