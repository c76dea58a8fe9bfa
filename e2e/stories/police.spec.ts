import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newAnswers, newWord } from '../answers.ts'
import { account, dataDir, expect, expectAccessible, test } from '../fixtures.ts'
import { Report, staff } from '../forms/people.ts'
import { errorsOn } from '../forms/visitor.ts'
import { ReportPages } from '../pages/report-pages.ts'
import { photo } from '../photo.ts'

test('two people act on one case at once: one wins, the other is told', async ({ signIn }) => {
  const { number } = await new Report(newAnswers()).file()
  const [one, two] = await Promise.all([
    signIn(account('officer', 'quan-3', 0)),
    signIn(account('officer', 'quan-3', 1)),
  ])
  await one.openCase(number)
  await two.openCase(number)
  await one.decide('take', 'under_review')
  await two.decision('take').click()
  await expect(two.page.locator('[data-error-summary]')).toBeVisible()
  await expectAccessible(two.page)
  await two.openCase(number)
  await expect(two.status).toHaveAttribute('data-case-status', 'under_review')
  await expect(two.decision('verify')).toHaveCount(0)
})

test('a case is found by number, IMEI in any writing, phone, and name without its marks; not by another district', async ({
  signIn,
}) => {
  const unusual = `Ngọc${newWord()}`
  const answers = newAnswers({ fullName: `Đặng ${unusual}` })
  const { number } = await new Report(answers).file()
  const officer = await signIn(account('officer', 'quan-3'))
  const { imei1 } = answers
  // A complete number opens its case at once.
  await officer.search(number.toLowerCase())
  await expect(officer.page.locator(`[data-case-number="${number}"]`).first()).toBeVisible()
  for (const text of [
    `${imei1.slice(0, 6)} ${imei1.slice(6)}`,
    imei1.slice(0, 14),
    unusual.replace('ọ', 'o'),
    answers.contactEmail,
  ]) {
    await expect(await officer.search(text), text).toHaveCount(1)
  }
  const stranger = await signIn(account('officer', 'quan-1'))
  for (const text of [number, imei1, answers.contactEmail]) {
    await expect(await stranger.search(text), text).toHaveCount(0)
  }
  const answer = await stranger.page.goto(`/quan-tri/ho-so/${number}`)
  expect(answer?.status()).toBe(404)
})

test('with the reporter’s consent an officer asks a carrier about the SIM, and its answer comes back', async ({
  report,
  signIn,
}) => {
  const answers = newAnswers({ phoneNumber1: `09123${Math.floor(10_000 + Math.random() * 89_999)}` })
  const msisdn = `+84${answers.phoneNumber1?.slice(1)}`
  await mkdir(join(dataDir(), 'eir'), { recursive: true })
  await writeFile(join(dataDir(), 'eir/vinaphone.sims.json'), JSON.stringify({ [msisdn]: [answers.imei1] }))
  await report.fillIn(answers)
  await report.page.locator('[name="consentSim"]').check()
  const { number } = await report.send()
  const officer = await signIn(account('officer', 'quan-3'))
  await officer.openCase(number)
  await officer.ask()
  await expect(async () => {
    await officer.openCase(number)
    await expect(officer.page.locator('[data-question-answer="yes"]')).toBeVisible({ timeout: 100 })
  }).toPass()
  await expectAccessible(officer.page)
})

test('somebody who walks in: an officer writes the report down, and another person verifies', async ({
  signIn,
  outbox,
}) => {
  const officer = await signIn(account('officer', 'quan-3', 0))
  await officer.openSection(officer.casesPath)
  await officer.openSection('ho-so/moi')
  await officer.page.locator('main form button').last().click()
  await officer.page.waitForURL(/bao-mat-may/)
  const desk = new ReportPages(officer.page, 'vi', outbox)
  await desk.fillInFromHere(newAnswers())
  const { number } = await desk.send()
  const receipt = officer.page.url()
  await officer.page.locator('form[action="/api/report/end"] button').click()
  await officer.page.waitForURL(/quan-tri\/ho-so\/moi/)
  await officer.page.goto(receipt)
  await expect(officer.page.locator('[data-case-secret]')).toHaveCount(0)
  await officer.openCase(number)
  await officer.decide('take', 'under_review')
  await expect(officer.decision('verify')).toHaveCount(0)
  // The officer reads the reason and what else they can do.
  await expect(officer.page.locator('[data-own-filing]')).toBeVisible()
  await expectAccessible(officer.page)

  const supervisor = await signIn(account('supervisor', 'quan-3'))
  await supervisor.openCase(number)
  await supervisor.decide('verify', 'verified', { reason: 'Đã gặp người báo.' })
  await expect(supervisor.decision('approve')).toHaveCount(0)
})

test('an officer signs out: nothing of who walked in stays on the desk’s computer', async ({
  signIn,
  outbox,
}) => {
  // A separate session, because the test ends it and other tests use the shared one.
  const { page } = await signIn(account('officer', 'quan-1'), 'by the form')
  await page.goto('/quan-tri/ho-so/moi')
  await page.locator('main form button').last().click()
  await page.waitForURL(/bao-mat-may/)
  await new ReportPages(page, 'vi', outbox).fillInFromHere(newAnswers())
  const review = page.url()
  const kept = await page.context().cookies()
  await page.goto('/quan-tri')
  await page.locator('header summary').click()
  await page.locator('#sign-out button').click()
  await page.waitForURL(/dang-nhap/)
  const left = (await page.context().cookies()).map(({ name }) => name)
  expect(left.filter((name) => /draft|receipt/.test(name))).toEqual([])
  // A copy of the cookie does not open it either.
  await page.context().addCookies(kept.filter(({ name }) => name.includes('draft')))
  await page.goto(review)
  await expect(page).toHaveURL(/bao-mat-may\?fault=no_draft$/)
  await expect(page.locator('[name="incidentType"]:checked')).toHaveCount(0)
})

test('two officers must open the papers before they decide, and the second reads what the first found', async ({
  signIn,
}) => {
  const label = newAnswers().imei1
  const answers = newAnswers()
  const { number } = await new Report(answers, label).file()
  const officer = await signIn(account('officer', 'quan-3'))
  const supervisor = await signIn(account('supervisor', 'quan-3'))
  await officer.openCase(number)
  await officer.decide('take', 'under_review')

  // The machine has read another IMEI on the proof. The page shows a flag and a hint, without the digits.
  const flag = officer.page.locator('[data-reading-differs]')
  await expect(async () => {
    await officer.openCase(number)
    await expect(flag).toBeVisible({ timeout: 100 })
  }).toPass()
  const digitsOf = async () => ((await flag.textContent()) ?? '').replace(/\D/g, '')
  expect(await digitsOf()).not.toContain(label.slice(-4))
  await expect(officer.page.locator('[data-reading-hint="differs"]').first()).toBeAttached()

  // Everything is filled in, but the papers were not opened. The error is shown where the papers are, and the input is kept.
  const form = officer.decision('verify').locator('xpath=ancestor::form')
  const found = { checkImei1: 'yes', checkImei2: 'yes', checkName: 'none', checkDevice: 'yes' }
  await officer.answer('verify', found)
  await form.locator('[name="reason"]').fill('Đã gặp người báo.')
  await officer.press(officer.decision('verify'))
  await expect(form.locator('[data-error-for="evidence"]')).toBeVisible()
  await expect(form.locator('[name="checkName"][value="none"]')).toBeChecked()
  await expect(form.locator('[name="reason"]')).toHaveValue('Đã gặp người báo.')
  await expectAccessible(officer.page)

  // One press shows the picture. After that, no question has an answer yet.
  await officer.disclose()
  await expect(officer.page.locator('[data-showing] image')).not.toHaveCount(0)
  expect(await digitsOf()).toContain(label)
  await expect(form.locator('input[type="radio"]:checked')).toHaveCount(0)
  // A person's long values fit even the narrowest phone.
  await officer.page.setViewportSize({ width: 320, height: 700 })
  expect(await officer.page.evaluate(() => document.documentElement.scrollWidth)).toBe(320)
  await officer.page.setViewportSize({ width: 1280, height: 800 })
  await form.locator('[name="reason"]').fill('Đã gặp người báo.')
  await officer.press(officer.decision('verify'))
  for (const field of Object.keys(found))
    await expect(form.locator(`[data-error-for="${field}"]`)).toBeVisible()
  // The summary names all errors in one line, so that the questions stay visible.
  expect((await form.locator('[data-error-summary]').boundingBox())?.height).toBeLessThan(85)
  await officer.answer('verify', { ...found, checkImei1: 'no' })
  await officer.press(officer.decision('verify'))
  await expect(form.locator('[data-error-for="checkImei1"]')).toContainText('số khác')
  // A box bears no name, so that answer is not offered.
  await expect(form.locator('[name="checkName"][value="yes"]')).toHaveCount(0)
  await officer.answer('verify', { checkImei1: 'yes', checkImei2: 'not_visible' })
  await officer.press(officer.decision('verify'))
  await expect(officer.status).toHaveAttribute('data-case-status', 'verified')

  await supervisor.openCase(number)
  const seen = supervisor.page.locator('[data-seen-before]')
  await expect(seen).toHaveAttribute('data-seen-before', '1')
  await expect(seen.locator('[data-check]')).toHaveAttribute('data-check', 'yes not_visible none yes')
  await expectAccessible(supervisor.page)
  // The supervisor opens the papers with one press too.
  await supervisor.decide('approve', 'blocking', { reason: 'Hồ sơ rõ ràng.' })
  // Only the number that both people found is blocked. The other one waits for its own paper.
  const { imei1, imei2 = '' } = answers
  await expect(supervisor.page.locator(`[data-imei-waits="${imei2}"]`).first()).toBeVisible()
  const check = async (imei: string) =>
    (await (await supervisor.page.request.get(`/api/v1/imei/${imei}`)).json()).result
  expect([await check(imei1), await check(imei2)]).toEqual(['reported', 'not_reported'])
})

test('two officers by keyboard alone, with a box, an invoice and two IMEIs: a key an answer, no tab, and the next case is there', async ({
  signIn,
}) => {
  const answers = newAnswers()
  const [box, invoice] = [await photo(answers.imei1), await photo()]
  const proofs = [
    { name: box.name, content: box.buffer, kind: 'box' },
    { name: 'hoa-don.jpg', content: invoice.buffer, kind: 'invoice' },
  ]
  const { number } = await new Report(answers, proofs).file()
  const { number: waiting } = await new Report(newAnswers()).file()
  const officer = await signIn(account('officer', 'quan-3'))
  const { page } = officer
  await page.setViewportSize({ width: 1280, height: 800 })
  // The machine has read one of the claimed IMEIs on the label. One key answers that question and no other.
  await expect(async () => {
    await officer.openCase(number)
    await expect(page.getByText('Máy đọc: có IMEI đã khai').first()).toBeAttached({ timeout: 100 })
  }).toPass()
  let keys = 0
  const press = async (key: string) => {
    keys += 1
    await page.keyboard.press(key)
  }
  await page.evaluate(() => {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
  })
  await officer.keysAct()
  await press('o')
  await expect(page.locator('[data-open-until]')).toBeVisible()
  await expect(officer.status).toHaveAttribute('data-case-status', 'under_review')
  const form = officer.decision('verify').locator('xpath=ancestor::form')
  // The papers and the button are visible.
  await expect(page.locator('[data-showing]').first()).toBeInViewport()
  await expect(form.locator('[name="next"]')).toBeInViewport({ ratio: 0.9 })
  await officer.keysAct()
  await press('y')
  await expect(form.locator('[name="checkImei1"][value="yes"]')).toBeChecked()
  await expect(form.locator('input[type="radio"]:checked')).toHaveCount(1)
  await expect(form.locator('.by-machine')).toContainText('IMEI 1: Đúng')
  // The first unanswered question has the focus. Keys act by their position, even if an input method changes the letters.
  await expect(form.locator('[name="checkImei2"]').first()).toBeFocused()
  await press('e')
  await expect(form.locator('[name="checkImei2"][value="not_visible"]')).toBeFocused()
  await page.keyboard.press('ArrowRight')
  await expect(form.locator('[name="checkImei2"][value="yes"]')).toBeChecked()
  await press('a')
  await press('z')
  await expect(form.locator('input[value="yes"]:checked')).toHaveCount(4)
  await expect(form.locator('[name="reasonCode"]')).toHaveValue('agrees')
  await expect(form.locator('[name="reason"]')).toHaveValue(/Đã xem giấy tờ/)
  // Enters a code only if the earlier one has expired. No act of this journey asks for a second code.
  const otp = form.locator('[name="otp"]')
  if ((await otp.count()) > 0) await otp.fill(await officer.code())
  await press('Control+Enter')
  await page.waitForURL((url) => url.searchParams.get('of') === number)
  expect(keys).toBe(6)
  await expect(page.locator(`[data-done-of="${number}"]`)).toContainText(number)
  await expect(officer.status).not.toHaveAttribute('data-case-number', number)
  expect(page.context().pages()).toHaveLength(1)
  await expectAccessible(page)

  // The list at the left continues with J, K and Enter. Above it is the last decision, with the way to take it back.
  await expect(page.locator('.work-list [data-past]').filter({ hasText: number })).toHaveCount(1)
  await expect(page.locator('.work-list button[value="take_back"]')).toBeVisible()
  await officer.keysAct()
  await page.keyboard.press('j')
  await expect(page.locator('[data-rows] [data-row]:focus')).toHaveCount(1)

  // Another act: its key opens only its form. Choosing a reason fills in the words and previews the letter.
  await officer.openCase(waiting)
  await officer.keysAct()
  await page.keyboard.press('n')
  await expect(officer.status).toHaveAttribute('data-case-status', 'under_review')
  await officer.keysAct()
  await page.keyboard.press('h')
  const asking = officer.decision('request_info').locator('xpath=ancestor::form')
  await expect(asking.locator('[name="reasonCode"]')).toBeFocused()
  await expect(form).toBeHidden()
  await page.keyboard.press('ArrowDown')
  await expect(asking.locator('[name="reason"]')).toHaveValue(/nhãn trên hộp máy/)
  const letter = asking.locator('[data-preview]')
  await expect(letter).toContainText('Cần thêm giấy tờ chứng minh máy là của bạn.')
  await letter.locator('button').last().click()
  await expect(letter).toContainText('send a clear photo of the label')
  await expectAccessible(page)
  await asking.locator('[name="reason"]').focus()
  await page.keyboard.press('Control+Enter')
  await page.waitForURL((url) => url.searchParams.get('of') === waiting)
})

test('by plain forms: taken and opened in one, words of any length kept, and a reason alone leads to the next case', async () => {
  const { number } = await new Report(newAnswers()).file()
  const { number: other } = await new Report(newAnswers()).file()
  const who = await staff('officer', 'quan-3', 1)
  const path = `/quan-tri/ho-so/${number}`
  const taken = await who.submit(await who.open(path), 'name="open"', { open: 'take' })
  expect(taken.headers.get('location')).toContain('done=take')
  const page = await who.open(path)
  expect(page.body).toContain('data-open-until')
  // Every act has its own form, with only its own reasons.
  const asking = /<form[^>]*id="act-request_info".*?<\/form>/s.exec(page.body)?.[0]
  expect(asking).toContain('value="incident"')
  expect(asking).not.toContain('value="wrong_imei"')
  const long = 'ạ'.repeat(100_000)
  const refused = await who.submit(page, 'value="request_info"', {
    next: 'request_info',
    reasonCode: 'proof',
    reason: long,
  })
  expect(errorsOn(refused)).toEqual({ reason: expect.stringContaining('5.000') })
  expect(refused.body).toContain(long)
  expect(refused.body).toMatch(
    /<details[^>]*class="act"[^>]* open=""[^>]*>(?:(?!<\/details>).)*value="request_info"/s,
  )
  const sent = await who.submit(page, 'value="request_info"', { next: 'request_info', reasonCode: 'proof' })
  const next = sent.headers.get('location') ?? ''
  expect(next).toContain(`of=${number}`)
  expect(next).not.toContain(`/${number}?`)
  expect((await who.open(next)).body).toContain(`data-done-of="${number}"`)
  // A form that is sent twice is one decision, and both answers redirect to the same page.
  const again = await who.submit(page, 'value="request_info"', { next: 'request_info', reasonCode: 'proof' })
  expect(again.headers.get('location')).toContain(`of=${number}`)
  expect((await who.open(path)).body).toContain('data-case-status="info_requested"')
  expect(other).not.toBe(number)
})

test('every page of the staff is accessible, and shows each role its own', async ({ signIn }) => {
  const sections: readonly (readonly [string, string])[] = [
    ['officer', 'ho-so'],
    ['city_police', 'ho-so'],
    ['relay', 'lenh'],
    ['relay', 'nha-mang'],
    ['admin', 'tai-khoan'],
  ]
  for (const [role, path] of sections) {
    const staff = await signIn(account(role))
    await staff.openSection(path)
    await expect(staff.page.locator('h1')).toHaveCount(1)
    await expectAccessible(staff.page)
    for (const size of [320, 360, 1280]) {
      await staff.page.setViewportSize({ width: size, height: 800 })
      const overflow = await staff.page.evaluate(
        () => document.documentElement.scrollWidth - window.innerWidth,
      )
      expect(overflow, `${path} at ${size}`).toBeLessThanOrEqual(0)
      const spilt = await staff.page
        .locator('main th[scope="row"]')
        .evaluateAll((all) => all.filter((one) => one.scrollWidth > one.clientWidth + 1).length)
      expect(spilt, `names of ${path} at ${size} that run into what stands beside them`).toBe(0)
    }
  }
  const admin = await signIn(account('admin'))
  expect((await admin.page.goto('/quan-tri/ho-so'))?.status()).toBe(404)
  expect((await admin.page.goto('/quan-tri/lenh'))?.status()).toBe(404)
})
