import { newWord } from '../answers.ts'
import { freshCode } from '../codes.ts'
import { account, test as browserTest, dataDir, expectAccessible } from '../fixtures.ts'
import { formWith } from '../forms/form.ts'
import { expect, expectWords, Report, STEP, staff, test, visitor } from '../forms/people.ts'
import type { Answer, Changes } from '../forms/visitor.ts'

/** Returns the form's hidden action field with the action id of another build. */
function ofAnotherBuild(page: Answer, marker: string): Changes {
  const [name = '', value = ''] =
    formWith(page.body, marker).fields.find(([one]) => /^\$ACTION_\d+:0$/.test(one)) ?? []
  const action = JSON.parse(value) as { id: string }
  return { [name]: JSON.stringify({ ...action, id: `${action.id.slice(0, 2)}${'ab'.repeat(20)}` }) }
}

for (const [lang, role, queue, signIn, words, tag] of [
  ['vi', 'officer', '/quan-tri/ho-so?state=blocked', '/dang-nhap', 'chưa được lưu', []],
  ['en', 'supervisor', '/en/admin/cases?state=blocked', '/en/sign-in', 'was not saved', ['@full']],
] as const) {
  test(`a form sent after the session has ended ends on the sign-in page and leads back, in ${lang}`, {
    tag: [...tag],
  }, async () => {
    // No other test signs these people in, because each sign-in takes a code.
    const who = account(role, 'quan-3', 1)
    const officer = await staff(role, 'quan-3', 1)
    const page = await officer.open(queue)
    officer.cookies.delete('antam-staff')
    for (const q of ['HCM', 'x'.repeat(5_000)]) {
      const sent = await officer.submit(page, 'name="q"', { q })
      expect(sent.status).toBe(303)
      expect(sent.headers.get('location')?.split('?')[0]).toBe(signIn)
      const asked = await officer.follow(sent)
      expectWords(asked)
      expect(asked.body).toContain(words)
      const { email, password } = who
      const otp = await freshCode(dataDir(), who)
      const back = await officer.submit(asked, 'name="password"', { email, password, otp })
      expect(back.headers.get('location')).toBe(queue)
      officer.cookies.delete('antam-staff')
    }
  })
}

test('a form of an earlier version opens its page anew, which says so and has what was saved', async () => {
  const report = new Report()
  await report.toPhone()
  const page = await report.who.open('/bao-mat-may')
  const sent = await report.who.submit(page, STEP, { ...ofAnotherBuild(page, STEP), district: 'quan-1' })
  expect([sent.status, sent.headers.get('location')]).toEqual([303, '/bao-mat-may?renewed=1'])
  const anew = await report.who.follow(sent)
  expectWords(anew)
  expect(anew.body).toContain('lần gửi vừa rồi chưa được nhận')
  expect(new Map(formWith(anew.body, STEP).fields).get('district')).toBe(report.answers.district)
  // Sent again, it is an ordinary form, and its errors are those of this request.
  const refused = await report.who.submit(anew, STEP, { district: '', step: 'next' })
  expectWords(refused)
  expect(refused.body).not.toContain('lần gửi vừa rồi chưa được nhận')
  expect((await report.who.submit(refused, STEP, { district: 'quan-1', step: 'next' })).status).toBe(303)

  const officer = await staff('officer', 'quan-3')
  const queue = await officer.open('/en/admin/cases?state=blocked')
  const asked = await officer.submit(queue, 'name="q"', ofAnotherBuild(queue, 'name="q"'))
  expect([asked.status, asked.headers.get('location')]).toEqual([
    303,
    '/en/admin/cases?state=blocked&renewed=1',
  ])
  expect((await officer.follow(asked)).body).toContain('what you sent was not received')
})

test('a step that is sent once its draft is gone says that nothing was sent, and how to come back', async () => {
  const report = new Report()
  const page = await report.toReview()
  report.who.cookies.clear()
  const sent = await report.who.submit(page, STEP, report.consents)
  expect([sent.status, sent.headers.get('location')]).toEqual([303, '/bao-mat-may?fault=no_draft'])
  const told = await report.who.follow(sent)
  expectWords(told)
  expect(told.body).toMatch(/<title>Lỗi: /)
  expect(told.body).toContain('data-no-draft')
  expect(told.body).toContain('href="/ho-so/tim"')
  // A report in progress does not show this message.
  const other = new Report()
  await other.toContact()
  expect((await other.who.open('/bao-mat-may?fault=no_draft')).body).not.toContain('data-no-draft')
})

test('what was written for a case that was withdrawn in another tab is shown to who wrote it', async () => {
  const report = new Report()
  const { number, secret } = await report.file()
  const { who } = report
  const page = await who.follow(await who.send(`/k/${number}.${secret}`))
  const withdrawn = await who.follow(
    await who.submit(page, 'value="withdraw"', { act: 'withdraw', message: 'Tôi đã tìm thấy máy.' }),
  )
  expect(withdrawn.body).not.toContain('value="add_facts"')
  const facts = { act: 'add_facts', serialNumber: 'F2LX9QK1', phoneNumber2: '0912 345 678' }
  const told = await who.follow(await who.submit(page, 'value="add_facts"', facts))
  expectWords(told)
  for (const part of ['Số sê-ri', facts.serialNumber, facts.phoneNumber2]) expect(told.body).toContain(part)
})

test('a request about data that waits already is not lost in another tab, nor sent again with other words in silence', async () => {
  const report = new Report()
  const { number, secret } = await report.file()
  const { who } = report
  const page = await who.follow(await who.send(`/k/${number}.${secret}`))
  const other = await who.open(page.path)
  const ask = async (on: typeof page, message: string) =>
    who.follow(await who.submit(on, 'value="ask_correction"', { act: 'ask_correction', message }))
  const asked = await ask(page, 'Tên tôi viết sai một chữ.')
  expect(asked.body).not.toContain('value="ask_correction"')
  for (const [told, why, written] of [
    [await ask(page, 'Địa chỉ cũng sai.'), 'đã được gửi trước đó với nội dung khác', 'Địa chỉ cũng sai.'],
    [
      await ask(other, 'Ngày sinh cũng sai.'),
      'Bạn đã gửi yêu cầu này và đang chờ trả lời.',
      'Ngày sinh cũng sai.',
    ],
  ] as const) {
    expect(told.body).toContain(why)
    expect(told.body).toContain(written)
  }
})

test('what a script sends to an action is read, or refused as the sender’s own fault', async () => {
  const who = visitor()
  const page = await who.open('/bao-mat-may')
  const [, id = ''] = /&quot;id&quot;:&quot;([0-9a-f]+)/.exec(page.body) ?? []
  const form = (fields: Record<string, string>) => {
    const body = new FormData()
    for (const [name, value] of Object.entries(fields)) body.set(name, value)
    return body
  }
  const right = { '0': '[{"values":{},"errors":{}},"$K1"]', _1_place: 'x' }
  const send = (body: FormData | string | undefined, headers: Record<string, string> = {}) =>
    who.send('/bao-mat-may', {
      method: 'POST',
      headers: { 'next-action': id, ...headers },
      ...(body !== undefined && { body }),
    })
  expect((await send(form(right))).status).toBe(200)
  const bodies = [
    '{{{',
    '[]',
    '["$F9","$K1"]',
    '[null,null]',
    '[{},"x"]',
    '[{},"$K7"]',
    '[{"a":"$B1"},"$K1"]',
  ]
  for (const args of bodies)
    expect((await send(form({ ...right, '0': args }))).status, args).toBeLessThan(500)
  for (const answer of [
    await send(form({ _1_place: 'x' })),
    await send(form({ ...right, '1': '{{{' })),
    await send(undefined),
    await send('[1,2]', { 'content-type': 'text/plain;charset=UTF-8' }),
    await send('{}', { 'content-type': 'application/json' }),
    await send('a=b', { 'content-type': 'application/x-www-form-urlencoded' }),
    await send('x', { 'content-type': 'multipart/form-data; boundary=y' }),
    ...(await Promise.all(
      ['x', '', '__proto__', id.replace(/.{8}$/, '00000000')].map((other) =>
        send(form(right), { 'next-action': other }),
      ),
    )),
  ]) {
    expect(answer.status, answer.body.slice(0, 80)).toBeLessThan(500)
    expect(answer.body).not.toMatch(/\bat .+:\d+:\d+/)
  }
  expect(who.cookies.size, 'nothing is begun').toBe(0)
})

browserTest('with a script, too, a form of an earlier version opens its page anew', async ({ page }) => {
  await page.goto('/en/report')
  await page.route('**/en/report', (route) =>
    route.request().method() === 'POST'
      ? route.continue({ headers: { ...route.request().headers(), 'next-action': `7f${'ab'.repeat(20)}` } })
      : route.continue(),
  )
  await page.locator('button[name="step"][value="next"]').click()
  await page.waitForURL('**/en/report?renewed=1')
  await expect(page.getByText('what you sent was not received')).toBeVisible()
})

for (const javaScriptEnabled of [false, true])
  browserTest.describe(javaScriptEnabled ? 'with a script' : 'without a script', () => {
    browserTest.use({ javaScriptEnabled })

    browserTest(
      `a decision on a request that a colleague has refused says so, ${javaScriptEnabled ? 'with' : 'without'} a script`,
      async ({ signIn }) => {
        const admin = await signIn(account('admin'))
        await admin.openSection('tai-khoan')
        const email = `muon-${newWord()}@congan.example`
        await admin.page.locator('main details:has([name="role"]) > summary').click()
        await admin.page.locator('[name="name"]').fill('Trần Văn Muộn')
        await admin.page.locator('[name="email"]').fill(email)
        await admin.page.locator('[name="role"]').selectOption('officer')
        await admin.page.locator('[name="unitId"]').selectOption('quan-3')
        await admin.press(admin.page.locator('form:has([name="role"]) button').first())
        const two = await Promise.all([0, 1].map((nth) => signIn(account('supervisor', 'quan-3', nth))))
        const [faster, later] = two
        if (!faster || !later) throw new Error('there are two supervisors')
        for (const one of two) await one.openSection('xac-nhan')
        const card = (one: typeof faster) => one.page.locator('[data-request]', { hasText: email })
        await faster.press(card(faster).locator('form').last().locator('button'))
        await faster.page.waitForURL((url) => url.searchParams.get('done') === 'refused')
        await later.press(card(later).locator('form').first().locator('button'))
        await expect(card(later)).toHaveCount(0)
        await expect(later.page.locator('[data-gone-form] [role="alert"]')).toContainText(
          'đã được trả lời, đã rút hoặc đã hết hạn',
        )
        await expect(later.page).toHaveTitle(/^Lỗi: /)
        await expectAccessible(later.page)
        // The message is not shown on another page.
        await later.page.locator('nav a').first().click()
        await expect(later.page.locator('[data-gone-form]')).toHaveCount(0)
      },
    )

    browserTest(
      `an answer to a data request that a colleague has given is shown to who wrote it, ${javaScriptEnabled ? 'with' : 'without'} a script`,
      async ({ signIn }) => {
        const report = new Report()
        const { number, secret } = await report.file()
        const { who } = report
        const page = await who.follow(await who.send(`/k/${number}.${secret}`))
        await who.submit(page, 'value="ask_correction"', {
          act: 'ask_correction',
          correctField: 'address',
          correctValue: '12 Lê Lợi',
        })
        const two = await Promise.all([0, 1].map((nth) => signIn(account('supervisor', 'quan-3', nth))))
        const [faster, later] = two
        if (!faster || !later) throw new Error('there are two supervisors')
        for (const one of two) await one.openCase(number)
        const form = (one: typeof faster) => one.page.locator('form:has([value="refuse_data_request"])')
        for (const [nth, one] of two.entries())
          await form(one)
            .locator('[name="reason"]')
            .fill(`Địa chỉ này chưa rõ, lần ${nth + 1}.`)
        await form(faster).locator('[value="refuse_data_request"]').click()
        await faster.page.waitForURL((url) => url.searchParams.get('done') === 'data_request')
        await form(later).locator('[value="refuse_data_request"]').click()
        // With a script, the form stays on the page and shows the message itself.
        const told = javaScriptEnabled ? form(later) : later.page.locator('[data-gone-form]')
        await expect(told.locator('[role="alert"]')).toBeVisible()
        if (!javaScriptEnabled) await expect(told).toContainText('Lý do: Địa chỉ này chưa rõ, lần 2.')
        await expect(later.page.locator('main').getByRole('alert')).toHaveCount(1)
      },
    )
  })

browserTest.describe('of a carrier', () => {
  browserTest.use({ javaScriptEnabled: false })

  browserTest('what was written of a contact that a colleague removed is not lost', async ({ signIn }) => {
    const two = await Promise.all([0, 1].map((nth) => signIn(account('relay', undefined, nth))))
    const [faster, later] = two
    if (!faster || !later) throw new Error('there are two people of the relay')
    await faster.openSection('nha-mang/mobifone')
    const name = `Ngô Thị Trực ${newWord()}`
    const fill = async (form: ReturnType<typeof faster.page.locator>, phone: string) => {
      await form.locator('summary').click()
      await form.locator('[name="contactName"]').fill(name)
      await form.locator('[name="contactEmail"]').fill('truc@mobifone.example')
      await form.locator('[name="contactPhone"]').fill(phone)
      await form.locator('button').click()
    }
    await fill(faster.page.locator('#contact'), '0901 234 567')
    const contact = (one: typeof faster) => one.page.locator('[data-contact]', { hasText: name })
    await expect(contact(faster)).toHaveCount(1)
    await later.openSection('nha-mang/mobifone')
    // A field error is shown beside its field and not above the page as well.
    await fill(contact(later).locator('form').first(), 'gọi Trực')
    await expect(later.page.locator('main').getByRole('alert')).toHaveCount(1)
    await expect(later.page.locator('[data-gone-form]')).toBeHidden()
    await contact(faster).locator('form').last().locator('button').click()
    await expect(contact(faster)).toHaveCount(0)
    const form = later.page.locator('form:has([data-error-for="contactPhone"])')
    await form.locator('[name="contactPhone"]').fill('1800 1090')
    await form.locator('button').click()
    const told = later.page.locator('[data-gone-form]')
    await expect(told.getByRole('alert')).toBeVisible()
    await expect(told).toContainText('Số điện thoại: 1800 1090')
    await expect(told).toContainText(name)
  })
})
