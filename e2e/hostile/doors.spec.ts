import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { catalogue } from '#messages/catalogue.ts'
import { full } from '#tests/runs.ts'
import { freshCode } from '../codes.ts'
import type { DemoAccount } from '../demo-account.ts'
import { account, accounts, dataDir, productUrl } from '../fixtures.ts'
import { formWith } from '../forms/form.ts'
import { alone, expect, expectWords, Report, STEP, staff, test, visitor } from '../forms/people.ts'
import { type Answer, errorsOn, type Visitor } from '../forms/visitor.ts'
import { enter as signInAs } from '../sessions.ts'
import { NOBODY, NUMBER_OF_NONE } from './samples.ts'

async function enter(number: string, secret: string): Promise<{ who: Visitor; page: Answer }> {
  const who = visitor()
  const find = await who.open('/ho-so')
  const page = await who.follow(
    await who.submit(find, 'name="caseSecret"', { caseNumber: number, caseSecret: secret }),
  )
  return { who, page }
}

const foreign: [string, Record<string, string>][] = [
  ['another site', { origin: 'https://evil.example' }],
  ['nowhere', { origin: 'null' }],
  ['no address', { origin: 'x' }],
  ['another site that forges ours', { origin: 'https://evil.example', 'x-forwarded-host': 'evil.example' }],
  ['another port', { origin: 'http://127.0.0.1:1' }],
  ['another site, by its fetch metadata', { 'sec-fetch-site': 'cross-site' }],
  ['a sibling site', { 'sec-fetch-site': 'same-site' }],
  ['another site, by its referrer alone', { referer: 'https://evil.example/' }],
]

test('what another site sends is refused at every door', async () => {
  const report = new Report()
  const { number, secret } = await report.file()
  const { who, page } = await enter(number, secret)
  const officer = await staff('officer', 'quan-3')
  const queue = await officer.open('/quan-tri/ho-so')
  const start = await visitor().open('/bao-mat-may')
  const signIn = await visitor().open('/dang-nhap')
  for (const [what, headers] of foreign) {
    const answers = [
      await visitor().submit(start, STEP, { step: 'next' }, { headers }),
      await who.submit(page, 'value="withdraw"', { act: 'withdraw' }, { headers }),
      await who.send('/api/case/end', { method: 'POST', headers }),
      await report.who.send('/api/evidence', { method: 'POST', headers }),
      await officer.submit(queue, 'name="q"', { q: 'x' }, { headers }),
      await visitor().submit(signIn, 'name="password"', { email: 'a@b.vn', password: 'x' }, { headers }),
    ]
    for (const answer of answers) expectWords(answer, 403)
    expect(answers[2]?.body, what).toContain('An Tâm')
  }
  // The case is unchanged.
  expect((await who.open(page.path)).body).toContain('data-case-status="submitted"')
})

test('a wrong number and a wrong secret answer alike, and open nothing', async () => {
  const { number, secret } = await new Report().file()
  const swapped = secret.startsWith('0') ? `1${secret.slice(1)}` : `0${secret.slice(1)}`
  const words = new Set<string>()
  for (const [caseNumber, caseSecret] of [
    [number, swapped],
    [NUMBER_OF_NONE, secret],
    [NUMBER_OF_NONE, swapped],
  ]) {
    const { who, page } = await enter(caseNumber ?? '', caseSecret ?? '')
    expectWords(page)
    words.add(JSON.stringify(errorsOn(page)))
    expect(who.cookies.has('antam-case')).toBe(false)
    const { fields } = formWith(page.body, 'name="caseSecret"')
    expect(fields).toContainEqual(['caseNumber', caseNumber])
    // After an error in another field, the person need not type the 20 characters again.
    expect(fields).toContainEqual(['caseSecret', caseSecret])
  }
  expect(words.size).toBe(1)
  const asked = await Promise.all(
    [number, NUMBER_OF_NONE].map(async (caseNumber) => {
      const who = visitor()
      return who.submit(await who.open('/ho-so/nhan-ma'), 'name="caseNumber"', { caseNumber })
    }),
  )
  expect(asked.map(({ status }) => status)).toEqual([303, 303])
})

test('one case opens no other: not its page, act, receipt or files', async () => {
  const [mine, theirs] = [new Report(), new Report()]
  const [me, them] = [await mine.file(), await theirs.file()]
  const { who, page } = await enter(me.number, me.secret)
  const other = await enter(them.number, them.secret)
  const [, file = ''] = /\/api\/evidence\/([0-9a-f-]{36})/.exec(other.page.body) ?? []
  expect(file).not.toBe('')
  expect((await who.open(`/ho-so/${them.number}`)).path).toMatch(/^\/ho-so\?/)
  for (const path of ['', '/original', '/small', '/pages/1?side=1280']) {
    expect((await who.send(`/api/evidence/${file}${path}`)).status).toBe(404)
    expect((await visitor().send(`/api/evidence/${file}${path}`)).status).toBe(404)
  }
  expectWords(await who.follow(await who.send(`/api/receipt/${them.number}`)), 404)
  const act = await who.submit(page, 'value="withdraw"', { act: 'withdraw', number: them.number })
  expect(act.headers.get('location')).toBe('/ho-so?fault=session_ended')
  expect((await other.who.open(other.page.path)).body).toContain('data-case-status="submitted"')
  for (const act of ['approve', '__proto__', '']) {
    expectWords(
      await who.follow(await who.submit(page, 'value="withdraw"', { act, version: 'NaN', submitKey: 'x' })),
    )
  }
  // A copy of the cookie is useless after the visit was ended.
  const copy = visitor()
  for (const [name, value] of who.cookies) copy.cookies.set(name, value)
  await who.send('/api/case/end', { method: 'POST' })
  expect((await copy.open(page.path)).path).toMatch(/^\/ho-so\?/)
})

test('an officer of another district finds nothing, by any page, search or form', async () => {
  const report = new Report({ district: 'quan-3' })
  const { number, secret } = await report.file()
  const [, file = ''] = /\/api\/evidence\/([0-9a-f-]{36})/.exec((await enter(number, secret)).page.body) ?? []
  const own = await staff('officer', 'quan-3')
  const page = await own.open(`/quan-tri/ho-so/${number}`)
  expect(page.body).toContain(`data-case-number="${number}"`)
  // Even the case's own police must first open the papers, with a reason.
  for (const path of ['', '/original', '/small', '/pages/1?side=1280'])
    expect((await own.send(`/api/evidence/${file}${path}`)).status).toBe(404)
  const outsider = await staff('officer', 'quan-1')
  for (const path of [
    `/quan-tri/ho-so/${number}`,
    `/quan-tri/ho-so/${number}/in`,
    '/quan-tri/lenh',
    '/quan-tri/tai-khoan',
    '/quan-tri/nhat-ky',
    '/quan-tri/nha-mang/viettel',
  ]) {
    expectWords(await outsider.open(path), 404)
  }
  for (const path of ['', '/original', '/small', '/pages/1?side=1280'])
    expect((await outsider.send(`/api/evidence/${file}${path}`)).status).toBe(404)
  const queue = await outsider.open('/quan-tri/ho-so?area=quan-3')
  expect(queue.body).not.toContain(number)
  const found = await outsider.follow(await outsider.submit(queue, 'name="q"', { q: report.answers.imei1 }))
  expect(found.body).not.toContain(number)

  const take = { decision: 'take', role: 'city_police', unitId: 'quan-3', scope: 'city', district: 'quan-3' }
  const refused = await outsider.submit(page, 'value="take"', take)
  expectWords(await outsider.follow(refused), 404)
  for (const who of [await staff('relay'), await staff('admin'), visitor()]) {
    const answer = await who.submit(page, 'value="take"', take)
    const led = await who.follow(answer)
    expect([led.status, led.path.split('?')[0]]).toEqual(
      led.path.startsWith('/dang-nhap') ? [200, '/dang-nhap'] : [404, '/khong-tim-thay'],
    )
  }
  expect((await own.open(page.path)).body).toContain('data-case-status="submitted"')
  // It is their own case, but the numbers and versions are invalid.
  for (const changes of [
    { number: '\0' },
    { number: '__proto__' },
    { version: '-1' },
    { version: 'x' },
    { submitKey: 'x' },
    { decision: 'approve' },
    { decision: 'fly' },
    { assigneeId: NOBODY, decision: 'reassign' },
    { decision: 'verify', reason: 'ạ'.repeat(100_000) },
  ]) {
    const answer = await own.submit(page, 'value="take"', changes)
    expectWords(answer)
    expect(answer.body, JSON.stringify(changes)).toMatch(/data-error-for|role="alert"/)
  }
  expect((await own.open(page.path)).body).toContain('data-case-status="submitted"')
})

test('a session that is forged, copied or over opens nothing', async () => {
  const officer = await alone('city_police', undefined, 1)
  const token = officer.cookies.get('antam-staff') ?? ''
  const [head = ''] = token.split('.')
  const none = Buffer.from('{"alg":"none"}').toString('base64url')
  const claims = Buffer.from('{"sid":"x","role":"admin"}').toString('base64url')
  for (const forged of [
    'x',
    `${none}.${claims}.`,
    `${head}....`,
    token.slice(0, -4),
    `${token}x`,
    '',
    '%00',
    'a'.repeat(4000),
  ]) {
    const who = visitor()
    who.cookies.set('antam-staff', forged)
    expect((await who.open('/quan-tri/ho-so')).path, forged.slice(0, 20)).toMatch(
      /^\/dang-nhap\?callbackUrl=/,
    )
  }
  const copy = visitor()
  copy.cookies.set('antam-staff', token)
  const page = await copy.open('/quan-tri/ho-so')
  expect(page.status).toBe(200)
  await officer.submit(page, 'name="submitKey"', {})
  const leave = [...page.body.matchAll(/<form\b[\s\S]*?<\/form>/g)]
    .map(([form]) => form)
    .find((form) => !form.includes('name="q"') && form.includes('$ACTION_'))
  expect(leave).toBeTruthy()
  await officer.submit({ ...page, body: leave ?? '' }, '$ACTION_', {})
  expect((await copy.open('/quan-tri/ho-so')).path).toMatch(/^\/dang-nhap\?callbackUrl=/)
  const late = await copy.submit(page, 'name="q"', { q: 'x' })
  expect(late.headers.get('location')).toMatch(/^\/dang-nhap\?callbackUrl=/)
})

test('signing in leads from a page that is not for this person to their own first page, and says so once', async () => {
  const wanted = '/quan-tri/ho-so?view=mine'
  const relay = await signInAs(productUrl(), dataDir(), account('relay', undefined, 1), {
    fields: { callbackUrl: wanted },
    leadsTo: wanted,
  })
  const isFirst = (page: Answer) => {
    expectWords(page)
    expect(page.path).toBe('/quan-tri/lenh')
    expect(page.body).toContain('data-missing-target')
  }
  isFirst(await relay.open(wanted))
  const [again, missing] = [await relay.open('/quan-tri/lenh'), await relay.open(wanted)]
  expect(again.body).not.toContain('data-missing-target')
  expect([missing.path, missing.status]).toEqual(['/khong-tim-thay', 404])
  // Staff are led to their own work, also where there is no page.
  for (const page of [missing, await relay.open('/quan-tri/khong-co')])
    expect([page.status, page.body.includes(catalogue.vi.errors.missing.staffHome)]).toEqual([404, true])
  // A person who is already signed in follows an old link to the form.
  for (const nowhere of ['/quan-tri/ho-so/HCM-AAAA-AAAA-A', '/quan-tri/khong-co', '/khong-co'])
    isFirst(await relay.open(`/dang-nhap?callbackUrl=${encodeURIComponent(nowhere)}`))
  const own = await relay.open('/dang-nhap?callbackUrl=/quan-tri/nha-mang')
  expect(own.path).toBe('/quan-tri/nha-mang')
  expect((await relay.open('/quan-tri')).body).not.toContain('data-missing-target')
  expect((await relay.open('/khong-co')).status).toBe(404)
})

test('signing in tells nobody who has an account, and leads nowhere else', async () => {
  const { email } = account('auditor')
  const answers = new Set<string>()
  for (const tried of [
    email,
    'nobody@example.vn',
    `${email}\0`,
    "' OR 1=1 --",
    `${'a'.repeat(300)}@example.vn`,
  ]) {
    const who = visitor()
    const page = await who.submit(await who.open('/dang-nhap'), 'name="password"', {
      email: tried,
      password: 'x\r\n\u001b[31m',
      otp: '123456',
    })
    answers.add(page.headers.get('location') ?? '')
    const shown = await who.follow(page)
    expectWords(shown)
    expect(errorsOn(shown).password, tried).toBeTruthy()
    expect(shown.body).not.toContain('\u001b')
  }
  expect([...answers]).toEqual(['/dang-nhap?error=wrong'])
  const long = visitor()
  const refused = await long.submit(await long.open('/en/sign-in'), 'name="password"', {
    email,
    password: 'x'.repeat(20_000),
    otp: '123456',
  })
  expect(refused.headers.get('location')).toBe('/en/sign-in?error=wrong')

  // Session fixation: another person's session that is planted in the browser must not survive the sign-in.
  const planted = new Map([['antam-staff', (await staff('relay')).cookies.get('antam-staff') ?? '']])
  // One account for each attempt, because a code counts once.
  const people = accounts().filter((one) => one.totpSecret !== undefined)
  for (const [at, callbackUrl] of [
    '//evil.example',
    '/\\evil.example',
    '/.//evil.example',
    '/x/..//evil.example',
    'javascript:alert(1)',
    'https://evil.example',
    '/a\r\nSet-Cookie: a=b',
    '/%2f%2fevil.example',
  ].entries()) {
    const person = people.at(-1 - at) as DemoAccount
    const who = await signInAs(productUrl(), dataDir(), person, { fields: { callbackUrl }, planted })
    expect(who.cookies.get('antam-staff')).not.toBe(planted.get('antam-staff'))
    const again = await who.send(`/dang-nhap?callbackUrl=${encodeURIComponent(callbackUrl)}`)
    expect(again.headers.get('location'), callbackUrl).toBe('/quan-tri')
  }
})

test('addresses that mean nothing are answered in words', async () => {
  const officer = await staff('officer', 'quan-3')
  const segments = [
    '%00',
    'a%00b',
    '%',
    '%25',
    '%E0%A4%A',
    '%0d%0aX:1',
    '..%2f..',
    'HCM-0000-0000-0',
    NOBODY,
    '__proto__',
    'a'.repeat(3000),
    '%F0%9F%94%A5',
  ]
  const places: [Visitor, string[]][] = [
    [
      visitor(),
      [
        '/ho-so/',
        '/en/track/',
        '/bao-mat-may/bien-nhan/',
        '/api/receipt/',
        '/k/',
        '/danh-gia/',
        '/ket-qua/',
        '/api/evidence/',
        '/api/v1/imei/',
        '/api/v1/results/',
        '/',
      ],
    ],
    [officer, ['/quan-tri/ho-so/', '/quan-tri/lenh/', '/quan-tri/nha-mang/']],
    [
      visitor(),
      [
        '/ho-so?number=',
        '/ho-so?fault=',
        '/ho-so/tim?number=',
        '/may-bi-chan/khieu-nai/tiep-tuc?number=',
        '/dang-nhap?error=',
        '/bao-mat-may/giay-to?error=',
        '/k/invitation/',
        '/k/browser/',
      ],
    ],
    [
      officer,
      [
        '/quan-tri/ho-so?found=',
        '/quan-tri/ho-so?area=',
        '/quan-tri/ho-so?after=',
        '/quan-tri/ho-so?before=999999999999999-',
        '/quan-tri/ho-so?done=',
        '/quan-tri/ho-so?state=',
        '/quan-tri/may-tim-duoc?error=',
        '/quan-tri/ho-so/nhap?error=',
      ],
    ],
    [
      await staff('auditor'),
      ['act=', 'day=', 'kind=session&subject=', 'subject=x&kind='].map(
        (asked) => `/quan-tri/nhat-ky?${asked}`,
      ),
    ],
  ]
  for (const [who, paths] of places) {
    for (const [nth, path] of paths.entries()) {
      // The short run tries a quarter of the segments on each path, so that each segment is tried on several paths.
      const some = full ? segments : segments.filter((_, at) => at % 4 === nth % 4)
      for (const segment of some) {
        const answer = await who.follow(await who.send(path + segment))
        expect(answer.status, path + segment).toBeLessThan(500)
        expect(answer.body.length, path + segment).toBeGreaterThan(20)
        // The key that is shown if a message is missing.
        expect(answer.body, path + segment).not.toMatch(/(audit-acts|audit\.noun|faults)\./)
      }
    }
  }
})

/** Sends raw bytes, because fetch cannot send these methods and addresses. */
async function raw(method: string, path: string) {
  const { hostname, port } = new URL(productUrl())
  const [response] = (await once(request({ hostname, port, method, path }).end(), 'response')) as [
    IncomingMessage,
  ]
  const { statusCode: status = 0, headers } = response
  return { status, allow: headers.allow, body: await text(response) }
}

test('methods and addresses that no browser sends are answered in words', async () => {
  for (const path of [
    '/',
    '/en/report',
    '/robots.txt',
    '/icon.svg',
    '/api/v1/results',
    '/api/evidence',
    '/k/x',
  ]) {
    for (const method of ['TRACE', 'PROPFIND', 'PUT', 'DELETE', 'OPTIONS']) {
      const { status, body } = await raw(method, path)
      expect(status, `${method} ${path}`).toBeLessThan(500)
      // If a handler lacks a method, Next answers with the status alone.
      if (status >= 400 && !/^\/(api|k)\//.test(path))
        expect(body.length, `${method} ${path}`).toBeGreaterThan(20)
    }
  }
  expect(await raw('GET', '*')).toMatchObject({ status: 404 })
  for (const path of ['/api/v1/imei', '/api/v1/nothing', '/api/v1/results/%00', '/api/%ff']) {
    const { status, headers } = await visitor().send(path)
    expect([status, headers.get('content-type')], path).toEqual([404, 'application/problem+json'])
  }
  for (const path of ['/robots.txt', '/', '/en/report'])
    expect(await raw('PUT', path)).toMatchObject({
      status: 405,
      allow: expect.stringMatching(/^GET, HEAD\b/),
    })
})

test('what is no address of the interfaces is a problem, not a page', async () => {
  for (const path of ['/api/khong-co', '/api/v1/khong-co', '/api/carrier', '/api/carrier/v1/khong-co']) {
    for (const method of ['GET', 'POST', 'DELETE']) {
      const { status, headers, body } = await visitor().send(path, { method })
      expect([status, headers.get('content-type')], path).toEqual([404, 'application/problem+json'])
      expect(JSON.parse(body)).toMatchObject({ type: 'urn:problem:an-tam:not-found', status })
    }
  }
})

test('every kind of answer guards itself, and cookies are for us alone', async () => {
  const who = visitor()
  const answers = [
    await who.send('/'),
    await who.send('/khong-co'),
    await who.send('/robots.txt'),
    await who.send('/robots.txt', { method: 'POST' }),
    await who.send('/icon.svg', { method: 'PUT' }),
    await who.send('/api/v1/khong-co', { method: 'PUT' }),
    await who.send('/api/health/live'),
    await who.send('/api/openapi.json'),
    await who.send('/api/v1/imei/1'),
    await who.send(`/api/evidence/${NOBODY}`),
    await who.send('/api/carrier/v1/changes'),
    await who.send('/k/a.b'),
    await who.send('/quan-tri'),
    await who.send('/api/case/end', { method: 'POST' }),
    await who.send('/', { method: 'POST', headers: { origin: 'null' } }),
    await who.send('/api/case/end', { method: 'POST', headers: { origin: 'null' } }),
    await who.send('/', { method: 'DELETE' }),
  ]
  for (const { path, headers, status } of answers) {
    expect(status, path).toBeLessThan(500)
    expect(headers.get('x-content-type-options'), path).toBe('nosniff')
    expect(headers.get('x-frame-options'), path).toBe('DENY')
    expect(headers.get('cross-origin-opener-policy'), path).toBe('same-origin')
    expect(headers.get('x-powered-by'), path).toBeNull()
    const policy = headers.get('content-security-policy')
    expect(policy, `${path} ${status}`).toMatch(/frame-ancestors 'none'|^sandbox; default-src 'none'$/)
    expect(policy, `${path} ${status}`).not.toContain('unsafe')
  }
  const report = new Report()
  const { number, secret } = await report.file()
  const find = await who.open('/ho-so')
  const opened = await who.submit(find, 'name="caseSecret"', { caseNumber: number, caseSecret: secret })
  const auditor = account('auditor')
  const { email, password } = auditor
  const otp = await freshCode(dataDir(), auditor)
  const signedIn = await who.submit(await who.open('/dang-nhap'), 'name="password"', { email, password, otp })
  const set = [opened, signedIn].flatMap((answer) => answer.headers.getSetCookie())
  expect(set.map((line) => line.split('=', 1)[0])).toEqual(
    expect.arrayContaining(['antam-case', 'antam-staff']),
  )
  for (const line of set) {
    expect(line).toMatch(/; ?httponly/i)
    expect(line).toMatch(/; ?samesite=lax/i)
    expect(line).toMatch(/; ?path=\//i)
    expect(line).not.toMatch(/; ?domain=/i)
  }
})
