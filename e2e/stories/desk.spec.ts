import type { Page } from '@playwright/test'
import { boxLabel } from '#tests/proof.ts'
import { newAnswers } from '../answers.ts'
import { account, expect, expectAccessible, test } from '../fixtures.ts'
import { alone, decide, expectWords, type Proof, Report } from '../forms/people.ts'
import { Keys } from '../hands.ts'
import { reveal } from '../pages/report-pages.ts'
import type { StaffPages } from '../pages/staff-pages.ts'
import { peopleOf } from '../unit-people.ts'

const DESK = { width: 1280, height: 800 }
const TEN = 10

/** Files a report with two numbers on one label, or on another kind of paper. */
async function file(unit: string, kind: Proof['kind'] = 'box'): Promise<string> {
  // No device is described, so the machine's reading and the kind of paper answer every question.
  const answers = newAnswers({ district: unit, brand: '', model: '', colour: '' })
  const content = await boxLabel([answers.imei1, answers.imei2].flatMap((one) => one || []))
  return (await new Report(answers, [{ name: 'nhan.jpg', content, kind }]).file()).number
}

/** Waits until the machine has read the label of each case, as it has when a shift begins. */
async function readAll(desk: StaffPages, count: number): Promise<void> {
  await expect(async () => {
    await desk.openSection(`${desk.casesPath}?view=nobody`)
    await expect(desk.page.locator('.queue-hint[data-hint="good"]')).toHaveCount(count, { timeout: 100 })
  }).toPass({ intervals: [1_000] })
}

const place = (page: Page) => page.locator('.work-list')
const at = (page: Page, n: number, of: number) =>
  expect(place(page))
    .toHaveAttribute('data-at', String(n))
    .then(() => expect(place(page)).toHaveAttribute('data-of', String(of)))

/** Expects everything that a decision needs to be visible without scrolling, in the page and in the fields. */
async function expectAllInSight(page: Page, decision: string): Promise<void> {
  const form = page.locator(`form#act-${decision}`)
  for (const one of [
    ...(await page.locator('.match tbody tr').all()),
    ...(await form.locator('.checks fieldset').all()),
    form.locator('[name="reasonCode"]'),
    form.locator('[name="reason"]'),
    form.locator(`button[name="next"]`),
  ])
    await expect.soft(one).toBeInViewport({ ratio: 0.9 })
  await expect.soft(page.locator('.match tbody tr')).toHaveCount(2)
  expect.soft(await page.evaluate(() => window.scrollY)).toBe(0)
  const hidden = await form.locator('.act-fields').evaluate((one) => one.scrollHeight - one.clientHeight)
  expect.soft(hidden, 'fields below an edge').toBeLessThanOrEqual(2)
}

test('ten are verified and ten approved in a row, three keys each, within the list that was begun', async ({
  signIn,
}) => {
  test.setTimeout(300_000)
  const people = peopleOf('quan-5')
  const filed: string[] = []
  for (let from = 0; from < TEN; from += 5)
    filed.push(...(await Promise.all(Array.from({ length: 5 }, () => file('quan-5')))))
  const [officer, supervisor] = [
    new Keys(await signIn(people.officer)),
    new Keys(await signIn(people.supervisor)),
  ]
  for (const { page } of [officer, supervisor]) await page.setViewportSize(DESK)
  await readAll(officer.staff, TEN)

  const through = async (hands: Keys, decision: 'verify' | 'approve') => {
    const { page } = hands
    for (let n = 1; n <= TEN; n++) {
      await at(page, n, TEN)
      await hands.ready()
      await hands.open()
      await expect(page.locator('[data-open-until]')).toBeVisible()
      await hands.ready()
      if (n === 1) await expectAllInSight(page, decision)
      await hands.agree()
      await expect(hands.formOf(decision).locator('[name="checkImei2"][value="yes"]')).toBeChecked()
      // The kind of paper answers these two questions, so none may be left open.
      for (const field of ['checkName', 'checkDevice'])
        if ((await hands.formOf(decision).locator(`[name="${field}"]:checked`).count()) === 0)
          throw new Error(`${field} is left open`)
      await hands.decide()
      await page.waitForURL((url) => url.searchParams.get('done') === decision)
    }
  }
  // Enter opens the marked row, also on a newly loaded page.
  await officer.staff.openSection(`${officer.staff.casesPath}?view=nobody`)
  await officer.ready()
  await officer.press('Enter')
  await officer.counting(() => through(officer, 'verify'))
  await expect(officer.page).toHaveURL(/view=nobody/)
  await expect(officer.page.locator('[data-done-of]')).toBeAttached()
  await expect(officer.page.locator('[data-view="others"] .queue-count')).toHaveText(String(TEN))
  await expect(officer.page.locator('[data-view="mine"] .queue-count')).toHaveText('0')

  // A supervisor's list begins with the cases that wait for a second person.
  await supervisor.staff.openSection(supervisor.staff.casesPath)
  await supervisor.ready()
  await expect(supervisor.page.locator('[data-view="todo"][aria-current]')).toBeVisible()
  await supervisor.press('Enter')
  const keys = await supervisor.counting(() => through(supervisor, 'approve'))
  expect(keys).toBeLessThanOrEqual(3 * TEN)
  await expect(supervisor.page.locator('tr[data-case-number]')).toHaveCount(0)
  await expect(supervisor.page.locator('[data-view="done"] .queue-count')).toHaveText(String(TEN))
})

test('a paper without a name is told in four keys, and the second person reads it', async ({ signIn }) => {
  const people = peopleOf('quan-6')
  const number = await file('quan-6', 'invoice')
  const officer = new Keys(await signIn(people.officer))
  const { page } = officer
  await page.setViewportSize(DESK)
  await readAll(officer.staff, 1)
  await officer.staff.openCase(number)
  await officer.ready()
  const keys = await officer.counting(async () => {
    await officer.open()
    await expect(page.locator('[data-open-until]')).toBeVisible()
    await officer.ready()
    await officer.agree()
    await officer.press('d')
    await expect(page.locator('form#act-verify [name="checkName"][value="none"]')).toBeChecked()
    await expect(page.locator('form#act-verify [name="checkName"][value="none"]')).toBeFocused()
    await officer.decide()
    await page.waitForURL(/done=verify/)
  })
  expect(keys).toBeLessThanOrEqual(4)
  const supervisor = await signIn(people.supervisor)
  await supervisor.openCase(number)
  const seen = supervisor.page.locator('[data-seen-before] [data-check]')
  await expect(seen).toBeHidden()
  await supervisor.answer('approve', { checkImei1: 'yes', checkImei2: 'yes', checkName: 'none' })
  await expect(seen).toBeHidden()
  await supervisor.answer('approve', { checkDevice: 'unknown' })
  await expect(seen).toBeVisible()
  await expect(seen).toHaveAttribute('data-check', /none/)
  // An accidental decision: U takes it back from any page.
  await officer.ready()
  await officer.press('u')
  await page.waitForURL(/done=take_back/)
  await expect(page.locator('[data-case-status]').first()).toHaveAttribute('data-case-status', 'under_review')
  await expect(page.locator(`[data-case-number="${number}"]`)).toBeVisible()
  // Every act has its button in sight, and a text for the citizen has the width of the form.
  for (const [key, act] of [
    ['p', 'hold'],
    ['t', 'reject'],
    ['h', 'request_info'],
  ] as const) {
    await officer.press(key)
    const form = page.locator(`form#act-${act}`)
    await expect(form.locator('.act-buttons button').first()).toBeInViewport({ ratio: 1 })
    await expect(form.locator('.act-buttons p')).toBeInViewport({ ratio: 1 })
    expect((await form.locator('[name="reason"]').boundingBox())?.width).toBeGreaterThan(250)
    await officer.press('Escape')
  }
})

test('commands by name, a range of rows, one’s own sentences, a hand-over note, and the keys of the page on one screen', async ({
  signIn,
}) => {
  const numbers = await Promise.all([0, 1, 2].map(async () => (await new Report().file()).number))
  const { page } = await signIn(account('supervisor', 'quan-3'))
  await page.setViewportSize(DESK)
  await page.goto('/quan-tri/ho-so?view=nobody&sort=received')
  await page.waitForFunction(() => document.documentElement.dataset.keysAct !== undefined)
  expect(await page.locator('tr[data-case-number]').count()).toBeGreaterThanOrEqual(3)

  // The first and last row of a range, and all rows between them.
  const ticked = page.locator('[name="chosen"]:checked')
  await page.keyboard.press('x')
  await expect(ticked).toHaveCount(1)
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  await page.keyboard.press('Shift+X')
  await expect(ticked).toHaveCount(3)
  await expect(page.locator('[data-ticked="3"]')).toContainText('3')
  await page.locator('[data-tick-all]').click()
  await expect(ticked).toHaveCount(await page.locator('[name="chosen"]').count())
  await page.locator('[data-tick-all]').click()
  await expect(ticked).toHaveCount(0)

  // A command is found by its name without diacritics, also while the focus is in a field.
  await page.locator('.desk-search [name="q"]').focus()
  await page.keyboard.press('Control+k')
  const palette = page.locator('dialog.palette[open]')
  await palette.getByRole('combobox').fill('bi tra lai')
  await expect(palette.getByRole('option').first()).toContainText('Bị trả lại')
  await expectAccessible(page)
  await page.keyboard.press('Enter')
  await page.waitForURL(/view=sent_back/)
  await page.waitForFunction(() => document.documentElement.dataset.keysAct !== undefined)
  await page.keyboard.press('Control+k')
  await palette.getByRole('combobox').fill(numbers[0] ?? '')
  await page.keyboard.press('Enter')
  await page.waitForURL(new RegExp(`${numbers[0]}`))

  // All keys of the page fit on the screen.
  await page.waitForFunction(() => document.documentElement.dataset.keysAct !== undefined)
  await page.keyboard.press('?')
  const all = page.locator('dialog.keys-dialog[open]')
  await expect(all).toBeVisible()
  expect(await all.evaluate((one) => one.scrollHeight - one.clientHeight)).toBeLessThanOrEqual(1)
  await page.keyboard.press('Escape')

  // A personal text snippet, and a note with the case that is handed over.
  await page.goto('/quan-tri/tai-khoan-cua-toi')
  const kept = page.locator('form#snippet')
  await reveal(kept)
  const sentence = `Nhãn mờ, cần ảnh rõ hơn. ${numbers[0]?.slice(4, 8).replace(/\d/g, 'x')}`
  await kept.locator('[name="snippet"]').fill(`${sentence} 352987065816623`)
  await kept.locator('button').click()
  await expect(kept.locator('.error')).toBeVisible()
  await kept.locator('[name="snippet"]').fill(sentence)
  await kept.locator('button').click()
  await page.waitForURL(/done=snippet_kept/)
  await page.goto(`/quan-tri/ho-so/${numbers[1]}`)
  await page.waitForFunction(() => document.documentElement.dataset.keysAct !== undefined)
  await page.keyboard.press('g')
  const give = page.locator('form#act-reassign')
  await give.locator('[name="assigneeId"]').selectOption({ index: 1 })
  await give.locator('[name="note"]').fill('Chờ người báo gọi lại lúc 14 giờ.')
  await give.locator('button[name="next"], button[name="decision"]').last().click()
  await page.waitForURL(/done=reassign/)
  await page.goto(`/quan-tri/ho-so/${numbers[1]}`)
  await expect(page.locator('[data-hand-over]')).toContainText('Chờ người báo gọi lại lúc 14 giờ.')
})

test('a session that ended is begun again beside the form, which is sent as it was written', async ({
  signIn,
}) => {
  const { number } = await new Report().file()
  await decide('officer', number, 'take')
  const who = await signIn(account('officer', 'quan-3'), 'by the form')
  const { page } = who
  await who.openCase(number)
  await who.keysAct()
  await page.keyboard.press('m')
  await page.locator('form#act-note [name="note"]').fill('Đã gọi chủ máy hai lần.')
  await page.context().clearCookies({ name: /antam-staff/ })
  await page.keyboard.press('Control+Enter')
  const again = page.locator('dialog[open]')
  await again.locator('[name="email"]').fill(account('officer', 'quan-3').email)
  await again.locator('[name="password"]').fill('sai rồi')
  await again.locator('[name="otp"]').fill('000000')
  await again.locator('form button').click()
  await expect(again.locator('[role="alert"]')).toBeVisible()
  await again.locator('[name="password"]').fill(account('officer', 'quan-3').password)
  await again.locator('[name="otp"]').fill(await who.code())
  await again.locator('form button').click()
  await expect(page.locator('[data-signed-in="done"]')).toBeAttached()
  await expect(page.locator('dialog[open]')).toHaveCount(0)
  const note = page.locator('form#act-note [name="note"]')
  await expect(note).toHaveValue('Đã gọi chủ máy hai lần.')
  await note.focus()
  await page.keyboard.press('Control+Enter')
  await page.waitForURL(/done=note/)
  await expect(page.locator('main')).toContainText('Đã gọi chủ máy hai lần.')
})

test('O on a colleague’s case leads to its reasons, each with its number', async ({ signIn }) => {
  const { number } = await new Report().file()
  await decide('officer', number, 'take')
  const { page } = await signIn(account('officer', 'quan-3', 1))
  await page.goto(`/quan-tri/ho-so/${number}`)
  await page.waitForFunction(() => document.documentElement.dataset.keysAct !== undefined)
  const reasons = page.locator('[name="disclosureReason"]')
  await page.keyboard.press('o')
  await expect(reasons.first()).toBeFocused()
  await expect(reasons.first()).not.toBeChecked()
  await page.keyboard.press('2')
  await expect(reasons.nth(1)).toBeChecked()
  await page.keyboard.press('Enter')
  await page.waitForURL(/done=disclose/)
  await expect(page.locator('[data-open-until]')).toBeVisible()
})

test('without a script: the list goes along, the last decision is taken back, and one’s own sentence is the reason', async () => {
  const [one, two] = [(await new Report().file()).number, (await new Report().file()).number]
  for (const number of [one, two]) await decide('officer', number, 'take')
  const who = await alone('officer', 'quan-3')
  const text = `Đã xem tận giấy, ${one.slice(4, 8).replace(/\d/g, 'x')}.`
  const own = await who.open('/quan-tri/tai-khoan-cua-toi')
  expect((await who.submit(own, 'name="snippet"', { snippet: text })).status).toBe(303)
  const page = await who.open(`/quan-tri/ho-so/${one}?in=view-mine`)
  expectWords(page)
  expect(page.body).toContain(`/quan-tri/ho-so/${two}?in=view-mine`)
  const [, snippet = ''] = new RegExp(`<option value="([0-9a-f-]{36})">${text}`).exec(page.body) ?? []
  const asked = await who.submit(page, 'value="request_info"', {
    next: 'request_info',
    reasonCode: 'other',
    snippet,
  })
  expect(asked.status).toBe(303)
  expect(asked.headers.get('location')).toMatch(/in=view-mine\.n-1/)
  const history = await who.open(`/quan-tri/ho-so/${one}`)
  expect(history.body).toContain(text)

  await decide('officer', two, 'verify', { reason: 'IMEI trên nhãn hộp khớp với hồ sơ.' })
  const list = await who.open('/quan-tri/ho-so?view=others')
  expect(list.body).toContain(`data-last="${two}"`)
  const back = await who.submit(list, 'value="take_back"', { decision: 'take_back' })
  expect(back.headers.get('location')).toContain(`${two}?done=take_back`)
  // Sent again from an old page, it is too late.
  const late = await who.submit(list, 'value="take_back"', {
    decision: 'take_back',
    submitKey: crypto.randomUUID(),
  })
  expect(late.status).toBe(200)
  expect(late.body).toMatch(/role="alert"/)
})

test('the header is one line for every role, and lists have twelve rows and more in sight', async ({
  signIn,
}) => {
  for (const [role, scope] of [
    ['officer', 'quan-3'],
    ['supervisor', 'quan-3'],
    ['city_police', undefined],
    ['relay', undefined],
    ['survey_manager', undefined],
    ['auditor', undefined],
    ['admin', undefined],
  ] as const) {
    const { page } = await signIn(account(role, scope))
    await page.setViewportSize(DESK)
    await page.goto('/quan-tri')
    const top = await page.locator('.desk-top').boundingBox()
    expect.soft(top?.height, role).toBeLessThanOrEqual(52)
    const name = page.locator('.desk-me-name')
    expect.soft(await name.evaluate((one) => one.scrollWidth - one.clientWidth), role).toBeLessThanOrEqual(1)
    expect
      .soft(await page.evaluate(() => document.documentElement.scrollWidth), role)
      .toBeLessThanOrEqual(1280)
  }
  const first = async (role: 'relay' | 'auditor' | 'admin', path: string) => {
    const { page } = await signIn(account(role))
    await page.setViewportSize(DESK)
    await page.goto(path)
    const rows = await page.locator('main table tbody tr').all()
    const seen = await Promise.all(
      rows.slice(0, 20).map(async (row) => {
        const box = await row.boundingBox()
        return box !== null && box.y + box.height <= DESK.height
      }),
    )
    return seen.filter(Boolean).length === rows.length ? 12 : seen.filter(Boolean).length
  }
  expect.soft(await first('relay', '/quan-tri/lenh'), 'orders').toBeGreaterThanOrEqual(12)
  expect.soft(await first('auditor', '/quan-tri/nhat-ky'), 'audit log').toBeGreaterThanOrEqual(12)
  expect.soft(await first('admin', '/quan-tri/tai-khoan'), 'accounts').toBeGreaterThanOrEqual(12)
  // The choice of the roomy layout is stored.
  const admin = await signIn(account('admin'))
  await admin.page.goto('/quan-tri/tai-khoan-cua-toi')
  await reveal(admin.page.locator('form#density'))
  // An administrator has no parts about cases, and reads no heading without any.
  await expect(admin.page.locator('main h2').filter({ visible: true })).toHaveCount(2)
  for (const density of ['roomy', 'compact'] as const) {
    await admin.page.locator(`[name="density"][value="${density}"]`).check()
    await admin.page.locator('form#density button').click()
    await admin.page.waitForURL(/done=density/)
    await expect(admin.page.locator('.desk-frame[data-density="roomy"]')).toHaveCount(
      density === 'roomy' ? 1 : 0,
    )
  }
})
