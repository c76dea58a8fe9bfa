import { account, expect, expectAccessible, test } from '../fixtures.ts'
import { decide, expectWords, Report, staff } from '../forms/people.ts'

const NOBODYS = '/quan-tri/ho-so?view=nobody&sort=received'

test('several cases at once, with a script and without: each row says what became of it, and one stands beside the list', async ({
  signIn,
}) => {
  const numbers = [await new Report().file(), await new Report().file(), await new Report().file()].map(
    ({ number }) => number,
  )
  const [one = '', two = '', three = ''] = numbers
  const { page } = await signIn(account('officer', 'quan-3'))
  await page.goto(NOBODYS)
  const row = (number: string) => page.locator(`tr[data-case-number="${number}"]`)
  await page.waitForFunction(() => document.documentElement.dataset.keysAct !== undefined)

  // The case beside the list, and the address, follow keys and clicks.
  await page.setViewportSize({ width: 1280, height: 800 })
  const beside = page.locator('[data-glance]')
  // The first row is marked already.
  await page.keyboard.press('j')
  const second = await page.locator('tr[data-case-number]').nth(1).getAttribute('data-case-number')
  await expect(beside).toHaveAttribute('data-glance', second ?? '')
  await expect(page).toHaveURL(new RegExp(`case=${second}`))
  await row(three)
    .locator('[data-peek]')
    .click({ position: { x: 300, y: 20 } })
  await expect(beside).toHaveAttribute('data-glance', three)
  await expect(beside).toContainText(three)
  await expectAccessible(page)

  // A key that is held down ticks only once.
  const ticked = page.locator('[name="chosen"]:checked')
  await row(three).locator('[data-row]').focus()
  await page.keyboard.down('x')
  await page.keyboard.down('x')
  await page.keyboard.up('x')
  await expect(ticked).toHaveCount(1)
  await page.keyboard.press('x')
  await expect(ticked).toHaveCount(0)

  // Two cases are taken. A colleague was faster with the third.
  for (const number of numbers) await row(number).locator('[name="chosen"]').check()
  await decide('supervisor', three, 'take')
  await page.locator('button[name="act"][value="take"]').click()
  const became = page.locator('.queue-results li')
  await expect(became).toHaveCount(3)
  await expect(became.filter({ hasText: three })).toHaveAttribute('data-result', 'changed')
  await expect(page.locator('.queue-results [data-result="done"]')).toHaveCount(2)
  await expectAccessible(page)

  await page.goto('/quan-tri/ho-so?view=mine&sort=received')
  for (const number of [one, two]) await row(number).locator('[name="chosen"]').check()
  await page.locator('button[name="act"][value="print"]').click()
  await page.waitForURL(/numbers=/)
  for (const number of [one, two]) await expect(page.locator('main')).toContainText(number)

  // Rare acts are folded. One press or their key opens them.
  await page.goto(`/quan-tri/ho-so/${one}`)
  await page.waitForFunction(() => document.documentElement.dataset.keysAct !== undefined)
  const note = page.locator('form:has([name="act"][value="note"]) [name="note"]')
  await expect(note).toBeHidden()
  await page.keyboard.press('?')
  const keys = page.locator('dialog.keys-dialog[open]')
  await expect(keys).toContainText(/IMEI 1: [\d ]+: Đúng/)
  await expect(keys).toContainText('Lý do chọn sẵn')
  await expect(keys).not.toContainText('Chưa chọn')
  await page.keyboard.press('Escape')
  await page.keyboard.press('m')
  await expect(note).toBeFocused()
  // If the connection fails, the form keeps its input, and a second press completes the act.
  await page.keyboard.type('Đã gọi chủ máy.')
  await page.context().setOffline(true)
  await page.keyboard.press('Control+Enter')
  await expect(page.locator('details.acts-more [role="alert"]')).toBeVisible()
  await expect(note).toHaveValue('Đã gọi chủ máy.')
  await page.context().setOffline(false)
  await note.focus()
  await page.keyboard.press('Control+Enter')
  await page.waitForURL(/done=note/)

  // A supervisor gives both to another officer by the plain form, and shows one beside the list by its link.
  const supervisor = await staff('supervisor', 'quan-3')
  const list = await supervisor.open(`/quan-tri/ho-so?sort=received&case=${two}`)
  expectWords(list)
  expect(list.body).toContain(`data-glance="${two}"`)
  const chosen = [one, two].map((number) => {
    const [, value] = new RegExp(`value="(${number}:\\d+)"`).exec(list.body) ?? []
    return value ?? ''
  })
  const [, colleague = ''] = /<option value="([0-9a-f-]{36})"/.exec(list.body) ?? []
  const given = await supervisor.submit(list, 'name="chosen"', {
    act: 'reassign',
    chosen,
    assigneeId: colleague,
  })
  expect(given.status).toBe(303)
  const said = await supervisor.follow(given)
  expect(said.body.match(/data-result="done"/g)).toHaveLength(2)
})

test('several cases are taken and printed by the plain form, and what nobody ticked is asked for in words', async () => {
  const [one, two] = [(await new Report().file()).number, (await new Report().file()).number]
  const who = await staff('officer', 'quan-3')
  const ticked = (body: string) =>
    [one, two].map((number) => new RegExp(`value="(${number}:\\d+)"`).exec(body)?.[1] ?? '')
  const list = await who.open(NOBODYS)
  const none = await who.submit(list, 'name="chosen"', { act: 'take' })
  expectWords(none)
  expect(none.body).toMatch(/role="alert"/)
  // Both are unchanged since the page was read. Then a colleague takes one.
  await decide('supervisor', two, 'take')
  const taken = await who.submit(list, 'name="chosen"', { act: 'take', chosen: ticked(list.body) })
  expect(taken.status).toBe(303)
  const said = await who.follow(taken)
  expect(new URLSearchParams(said.path.split('?')[1]).get('view')).toBe('nobody')
  expect([...said.body.matchAll(/data-result="(\w+)"/g)].map(([, outcome]) => outcome)).toEqual([
    'done',
    'changed',
  ])
  expect(said.body).not.toContain(`<tr id="${one}"`)

  const all = await who.open('/quan-tri/ho-so?sort=received')
  const printed = await who.submit(all, 'name="chosen"', { act: 'print', chosen: ticked(all.body) })
  const papers = await who.follow(printed)
  expectWords(papers)
  expect(papers.path).toContain('numbers=')
  for (const number of [one, two]) expect(papers.body).toContain(number)
})
