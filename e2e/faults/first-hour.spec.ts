import type { ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Browser, expect, type Page, test } from '@playwright/test'
import { newAnswers, newWord } from '../answers.ts'
import { freshCode } from '../codes.ts'
import type { DemoAccount } from '../demo-account.ts'
import { Outbox } from '../outbox.ts'
import { CARRIERS, CasePage } from '../pages/case-page.ts'
import { ReportPages } from '../pages/report-pages.ts'
import { StaffPages } from '../pages/staff-pages.ts'
import { ask, firstOf, keptAlive, sendRaw } from './first-hour/ask.ts'
import { missingTools, Place } from './first-hour/place.ts'

test.describe.configure({ mode: 'serial', timeout: 900_000 })

const missing = missingTools()
test.skip(
  missing.length > 0,
  `the operator's programs are not here and cannot be installed: ${missing.join(', ')}`,
)

const PROXIES = ['nginx', 'haproxy'] as const

let place: Place
const webs: ChildProcess[] = []
let session = ''
let carrierKey = ''

test.beforeAll(async () => {
  place = await Place.make()
})
test.afterAll(async () => {
  await place?.stop()
})

const outbox = () => new Outbox(place.at('lib/an-tam/outbox'))
const beginWeb = (port: number) => place.begin('web', { PORT: String(port) })

async function ready(): Promise<void> {
  const answers = async () => {
    try {
      return JSON.parse(place.run('ready')).status as string
    } catch (error) {
      return String(error).slice(0, 300)
    }
  }
  await expect.poll(answers, { timeout: 120_000, intervals: [1_000] }).toBe('ok')
}

/** Opens an invitation in a new browser and signs in with the next code. */
async function enrol(browser: Browser, role: string, email: string, link: string): Promise<StaffPages> {
  const context = await browser.newContext({ baseURL: place.urlOf('nginx'), ignoreHTTPSErrors: true })
  const page = await context.newPage()
  await page.goto(link)
  const totpSecret = (await page.locator('[data-totp-secret]').getAttribute('data-totp-secret')) ?? ''
  const password = `con mèo ngủ trên ${newWord()}`
  const who: DemoAccount = { role, email, password, totpSecret }
  await page.locator('[name="password"]').fill(password)
  await page.locator('[name="passwordAgain"]').fill(password)
  await page.locator('[name="otp"]').fill(await freshCode(place.at('carriers'), who))
  await page.locator('main form button').last().click()
  await expect(page.locator('[data-recovery-codes] code')).toHaveCount(10)
  const staff = new StaffPages(page, 'vi', who, place.at('carriers'))
  await staff.signIn()
  return staff
}

/** Asks for an account as one administrator and confirms it as the other. */
async function invite(
  asker: StaffPages,
  confirmer: StaffPages,
  role: string,
  unit?: string,
  name = role,
): Promise<string> {
  const email = `${name}@first-hour.example`
  await asker.openSection('tai-khoan')
  await asker.page.locator('main details:has([name="role"]) > summary').click()
  await asker.page.locator('[name="name"]').fill(`Người ${newWord()}`)
  await asker.page.locator('[name="email"]').fill(email)
  await asker.page.locator('[name="role"]').selectOption(role)
  if (unit) await asker.page.locator('[name="unitId"]').selectOption(unit)
  await asker.press(asker.page.locator('form:has([name="role"]) button').first())
  await expect(asker.page.locator('main [role="status"]').first()).toBeVisible()
  await confirmer.openSection('xac-nhan')
  const form = confirmer.page.locator('[data-request]', { hasText: email }).locator('form button').first()
  await confirmer.press(form)
  await confirmer.page.waitForURL((url) => url.searchParams.get('done') === 'confirmed')
  return email
}

test('the page is followed on an empty place, and a phone is blocked through the proxy', async ({
  browser,
}) => {
  const began = performance.now()
  place.run('folders')
  place.run('database')
  // The first accounts can decide at once here; the waiting period has its own tests. There is no mail server,
  // so mails are written to files.
  const chosen = { ACCOUNT_WAIT_HOURS: '0', OUTBOX: 'on' }
  const said = place.run('setup', chosen)
  const [, firstLink = ''] = /(https:\S+\/k\/invitation\/\S+)/.exec(said) ?? []
  expect(place.run('setup', chosen)).toContain('Nothing was changed')
  place.prepareProxies()
  webs.push(beginWeb(place.ports.web1), beginWeb(place.ports.web2))
  for (let count = 0; count < 2; count++) place.begin('worker')
  for (const name of PROXIES) await place.startProxy(name)
  await ready()
  const [, secondLink = ''] = /(https:\S+\/k\/invitation\/\S+)/.exec(place.runAs('web', 'second')) ?? []
  const minutes = (performance.now() - began) / 60_000
  console.log(`from an empty place to ready: ${minutes.toFixed(1)} minutes`)
  // The files of the web servers must contain no signing key and no owner's password.
  const given = readFileSync(place.at('etc/an-tam/web.env'), 'utf8')
  expect(given).not.toMatch(/ANTAM_AUDIT_KEY_FILE|DATABASE_OWNER/)

  const [first, second] = await Promise.all([
    enrol(browser, 'admin', 'first@example.vn', firstLink),
    enrol(browser, 'admin', 'second@example.vn', secondLink),
  ])
  const people: Record<string, StaffPages> = {}
  const open = async (role: string, email: string, name = role) => {
    people[name] = await enrol(browser, role, email, await outbox().link(email))
  }
  const opened: Promise<void>[] = []
  // Until there is an auditor, no other act that needs two people can be done.
  await invite(first, second, 'auditor')
  for (const [role, unit] of [['relay'], ['officer', 'quan-3'], ['supervisor', 'quan-3']] as const)
    opened.push(open(role, await invite(first, second, role, unit)))
  opened.push(open('relay', await invite(first, second, 'relay', undefined, 'relay-2'), 'relay-2'))

  const visitor = await browser.newContext({ baseURL: place.urlOf('nginx'), ignoreHTTPSErrors: true })
  const page = await visitor.newPage()
  const receipt = await new ReportPages(page, 'vi', outbox()).file(newAnswers())
  await Promise.all(opened)
  const { relay, 'relay-2': other, officer, supervisor } = people
  if (!relay || !other || !officer || !supervisor) throw new Error('somebody could not sign in')
  const keys = issueKeysOf(relay, other)
  await officer.openCase(receipt.number)
  await officer.decide('take', 'under_review')
  await officer.decide('verify', 'verified', { reason: 'IMEI trên nhãn hộp khớp với hồ sơ.' })
  await supervisor.openCase(receipt.number)
  await supervisor.decide('approve', 'blocking', { reason: 'Đã xem lại giấy tờ.' })
  place.carriers(await keys)
  const casePage = new CasePage(page, 'vi')
  await casePage.open(receipt)
  await casePage.waitFor('blocked')
  expect(await casePage.carrierStates()).toEqual(Object.fromEntries(CARRIERS.map((id) => [id, 'applied'])))
  console.log(`to the first phone blocked: ${((performance.now() - began) / 60_000).toFixed(1)} minutes`)

  const kept = place.run('backup')
  expect(kept).toMatch(/ 2 files of evidence .* 2 of them new/)
  expect(kept).toContain('All came back')

  carrierKey = (await keys).split(',')[0]?.split('=')[1] ?? ''
  const cookies = await officer.page.context().cookies()
  session = cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
})

/**
 * Asks for a key for each carrier on its page, has a colleague confirm it, and collects it. Returns all keys in
 * the form of `CARRIER_KEYS`.
 */
async function issueKeysOf(relay: StaffPages, other: StaffPages): Promise<string> {
  const keys: string[] = []
  for (const carrier of CARRIERS) {
    await relay.openSection(`nha-mang/${carrier}`)
    await relay.press(relay.page.locator('#keys form:has([name="carrierId"]) button').first())
    await relay.page.waitForURL(/done=requested/)
    await other.openSection('xac-nhan')
    await other.press(other.page.locator('[data-kind="carrier.key"] form button').first())
    await other.page.waitForURL(/done=confirmed/)
    await relay.openSection(`nha-mang/${carrier}`)
    await relay.press(relay.page.locator('#keys form:has([name="approvalId"]) button').first())
    const done = relay.page.locator('#keys [role="status"]').first()
    await expect(done).toBeVisible()
    keys.push(`${carrier}=${/\S+$/.exec((await done.textContent())?.trim() ?? '')?.[0]}`)
  }
  return keys.join(',')
}

/** Returns the path of a build file with a permanent name. */
async function builtFile(page: Page): Promise<string> {
  await page.goto(place.urlOf('nginx'))
  return (await page.locator('link[rel="stylesheet"]').first().getAttribute('href')) ?? ''
}

/** Secrets in the addresses of requests. A log of whole addresses would contain them. */
const SECRETS = [
  'Kx7secretAaaa',
  'Kx7secretBbbb',
  'Kx7secretCccc',
  'Kx7secretDddd',
  '490154203237518',
] as const
const secretPaths = ([a, b, c, d, imei]: typeof SECRETS): string[] => [
  ...[
    `/k/HCM-2611-ABCD.${a}`,
    `/%6B/HCM-2611-ABCD.${b}`,
    `/danh-gia/quan-3?kiosk=${c}`,
    `/k/invitation/${d}`,
  ],
  ...[`/k/browser/${a}`, `/?token=${b}`, `/api/v1/imei/${imei}`, `/en/track?code=${c}`],
  ...[
    `/nop-may/${a}`,
    `/%6Eop-may/${b}`,
    `/en/certificate/${c}`,
    `/api/hand-in/${d}`,
    `/api/certificate/${a}`,
  ],
]

for (const name of PROXIES) {
  test(`${name} keeps connections, hands paths on as they came, and lets nothing change the protocol`, async ({
    browser,
  }) => {
    const url = place.urlOf(name)
    const agent = keptAlive()
    const answers = []
    for (let n = 0; n < 3; n++) answers.push(await ask(url, '/api/health/live', { agent }))
    expect(answers.map(({ status, reused }) => [status, reused])).toEqual([
      [200, false],
      [200, true],
      [200, true],
    ])
    agent.destroy()

    // These go to the web server directly, so that no proxy changes the path.
    for (const path of [
      '/api/health/%6Cive',
      '/api//health/live',
      '/%E1%BB%87',
      '/api/health/ready/%2e%2e/live?a=%2F',
      '//x',
      '/so-lieu/',
    ]) {
      const direct = await fetch(`http://127.0.0.1:${place.ports.web1}${path}`, { redirect: 'manual' })
      const { status } = await ask(url, path)
      expect([path, status]).toEqual([path, direct.status])
    }
    // The readiness check names the server's faults, so it is not public under any spelling of the address.
    for (const path of ['/api/health/ready', '/api/health/%72eady?a=b', '/api/health/live/../ready'])
      expect([path, (await ask(url, path)).status]).toEqual([path, 404])
    const upgrade =
      'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n'
    const raw = await sendRaw(
      place.ports[name],
      `GET /api/health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n${upgrade}\r\n`,
    )
    expect(raw).toMatch(/^HTTP\/1\.1 200 /)
    expect((await ask(url, '/', { method: 'TRACE' })).status).toBe(405)

    const context = await browser.newContext({ ignoreHTTPSErrors: true })
    const file = await builtFile(await context.newPage())
    await context.close()
    const whole = await ask(url, file, { headers: { range: 'bytes=99999999-' } })
    expect([whole.status, whole.body.length > 1_000]).toEqual([200, true])
    const tooLarge = await ask(url, '/bao-mat-may', {
      method: 'POST',
      headers: { 'content-length': 70_000_000 },
      // The body is never sent, so no other request may follow on this connection.
      agent: false,
    })
    expect(tooLarge.status).toBe(413)
  })

  test(`${name} lets events through at once, and waits for a carrier's long poll`, async () => {
    const url = place.urlOf(name)
    const headers = { authorization: `Bearer ${carrierKey}` }
    const book = JSON.parse((await ask(url, '/api/carrier/v1/changes?after=0', { headers })).body)
    const [events, poll] = await Promise.all([
      firstOf(url, '/api/staff/events', { cookie: session }),
      ask(url, `/api/carrier/v1/changes?after=${book.head}&wait=20`, { headers }),
    ])
    expect(events).toContain('retry:')
    expect(poll.status).toBe(200)
    expect(poll.milliseconds).toBeGreaterThan(18_000)
  })

  test(`${name} writes no secret of an address down`, async () => {
    for (const path of secretPaths(SECRETS)) await ask(place.urlOf(name), path)
    const written = () => place.logOf(name)
    await expect.poll(written).toContain('"path":"/k/-"')
    expect(SECRETS.filter((secret) => written().includes(secret))).toEqual([])
    // The log still has the other parts of a request that an operator needs.
    expect(written()).toMatch(/"path":"\/api\/health\/live".*"status":200/)
  })

  test(`${name} writes nothing down of a rating`, async () => {
    const url = place.urlOf(name)
    const receipt = 'Kx7receiptEeee'
    for (const path of [
      ...[
        '/danh-gia/quan-3',
        '/en/rate/quan-3',
        '/%64anh-gia/quan-3',
        '//danh-gia',
        `/danh-gia/cam-on/${receipt}`,
      ],
      ...['/xac-minh', '/cau-hoi', '/kiosk-worker.js', '/_next/static/x.js'],
      `/api/survey/receipts/${receipt}/proof`,
    ])
      await ask(url, path)
    await ask(url, '/api/kiosk', { method: 'POST' }, 'a=b')
    await ask(url, '/danh-gia/quan-3', { method: 'POST' }, 'a=b')
    await ask(url, '/tro-nang?last=1')
    const written = () =>
      place
        .logOf(name)
        .split('\n')
        .filter((line) => line.includes('"client":'))
        .join('\n')
    await expect.poll(written).toContain('/tro-nang')
    expect(written()).not.toMatch(/anh-gia|\/rate|kiosk|xac-minh|cau-hoi|_next|Kx7receipt/)
  })
}

test('one web server is killed, and nobody notices', async () => {
  const [one] = webs
  if (one) await place.end(one)
  for (const name of PROXIES) {
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => ask(place.urlOf(name), '/bao-mat-may')),
    )
    expect(new Set(answers.map(({ status }) => status)), name).toEqual(new Set([200]))
  }
})

test('where no web server is left, people and programs are told so, and it ends by itself', async () => {
  const [, other] = webs
  if (other) await place.end(other)
  for (const name of PROXIES) {
    const url = place.urlOf(name)
    // This page has a form, so nginx does not cache it. Pages without forms can still be read from its cache.
    await expect.poll(async () => (await ask(url, '/bao-mat-may')).status).toBe(503)
    // HAProxy notices by its health checks.
    await expect
      .poll(async () => (await ask(url, '/api/v1/stats')).headers['content-type'], { timeout: 30_000 })
      .toContain('json')
    const [page, link, posted, program] = await Promise.all([
      ask(url, '/bao-mat-may'),
      ask(url, '/k/HCM-AAAA-AAAA-A.secret'),
      ask(url, '/bao-mat-may', { method: 'POST' }, 'a=b'),
      ask(url, '/api/v1/stats'),
    ])
    for (const answer of [page, link, posted, program])
      expect([answer.status, answer.headers['retry-after']], name).toEqual([503, '10'])
    for (const { body } of [page, link, posted]) expect(body).toContain('An Tâm đang tạm ngừng')
    expect(JSON.parse(program.body).type).toBe('urn:problem:an-tam:busy')
    for (const path of secretPaths(SECRETS)) await ask(url, path)
    await sleep(300)
    expect(
      SECRETS.filter((secret) => place.logOf(name).includes(secret)),
      name,
    ).toEqual([])
  }
  webs.push(beginWeb(place.ports.web1), beginWeb(place.ports.web2))
  await ready()
  for (const name of PROXIES)
    await expect.poll(async () => (await ask(place.urlOf(name), '/bao-mat-may')).status).toBe(200)
})
