import { freshCode } from '../codes.ts'
import { account, test as browserTest, dataDir } from '../fixtures.ts'
import { formWith } from '../forms/form.ts'
import { expect, expectWords, Report, STEP, staff, test, visitor } from '../forms/people.ts'
import type { Answer, Changes } from '../forms/visitor.ts'

/** The hidden field that says which action a form is for, changed to one of another build. */
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
    // Of people whom no other test signs in: each time takes a code.
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
  // Sent again it is an ordinary form, and what is said of it is about this time.
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
  expect(told.body).toContain('href="/bao-mat-may/tiep-tuc"')
  // Of a report on its way nothing like that is said.
  const other = new Report()
  await other.toContact()
  expect((await other.who.open('/bao-mat-may?fault=no_draft')).body).not.toContain('data-no-draft')
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
