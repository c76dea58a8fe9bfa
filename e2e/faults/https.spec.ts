import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { newAnswers } from '../answers.ts'
import type { DemoAccount } from '../demo-account.ts'
import { startUnderHttps } from '../https-front.ts'
import { Outbox } from '../outbox.ts'
import { CasePage } from '../pages/case-page.ts'
import { ReportPages } from '../pages/report-pages.ts'
import { StaffPages } from '../pages/staff-pages.ts'
import type { Product } from '../product.ts'

let product: Product
test.beforeAll(async () => {
  product = await startUnderHttps('127.0.0.1')
})
test.afterAll(() => product.stop())

test('behind a proxy that ends TLS, all of it is https and every cookie is this host’s alone', async ({
  browser,
}) => {
  const visitor = () => browser.newContext({ baseURL: product.url, ignoreHTTPSErrors: true })
  const [citizen, officer] = [await visitor(), await visitor()]
  const page = await citizen.newPage()
  const plain: string[] = []
  for (const context of [citizen, officer]) {
    context.on('request', (request) => {
      if (!request.url().startsWith(`${product.url}/`) && !/^(data|blob):/.test(request.url()))
        plain.push(request.url())
    })
  }

  const home = await page.goto('/vi/bao-mat-may')
  expect(home?.headers()['strict-transport-security']).toMatch(/^max-age=\d{8}/)
  for (const path of [
    '/api/health/live',
    '/api/carrier/v1/changes',
    '/k/a.b',
    '/icon.svg',
    '/khong-co',
    '/.well-known/security.txt',
  ]) {
    const answer = await citizen.request.get(path, { maxRedirects: 0 })
    expect(answer.headers()['strict-transport-security'], path).toBe('max-age=63072000; includeSubDomains')
  }
  const told = await (await citizen.request.get('/.well-known/security.txt')).text()
  expect(told).toContain(`Canonical: ${product.url}/.well-known/security.txt\n`)
  const [, expires = ''] = /^Expires: (.+)$/m.exec(told) ?? []
  const days = (Date.parse(expires) - Date.now()) / 86_400_000
  expect([days > 90, days < 365]).toEqual([true, true])
  expect(told).toMatch(/^Contact: https:/m)
  const report = new ReportPages(page, 'vi', new Outbox(join(product.dataDir, 'outbox')))
  const receipt = await report.file(newAnswers())
  const casePage = new CasePage(page, 'vi')
  await casePage.open(receipt)

  const accounts: DemoAccount[] = JSON.parse(
    readFileSync(join(product.dataDir, 'demo-accounts.json'), 'utf8'),
  )
  const who = accounts.find(({ role }) => role === 'officer')
  if (!who) throw new Error('no officer')
  const staff = new StaffPages(await officer.newPage(), 'vi', who, product.dataDir)
  await staff.signIn()
  await staff.openCase(receipt.number)
  await staff.decide('take', 'under_review')

  for (const context of [citizen, officer]) {
    const cookies = await context.cookies()
    expect(cookies.length).toBeGreaterThan(0)
    for (const cookie of cookies) {
      expect(cookie.name).toMatch(/^__Host-/)
      expect(cookie).toMatchObject({ secure: true, httpOnly: true, path: '/', domain: '127.0.0.1' })
    }
  }
  expect(plain).toEqual([])
})
