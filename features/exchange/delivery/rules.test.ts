import { expect, test } from 'vitest'
import { type DeliveryWay, urlFault, type Webhook, wayOf } from './rules.ts'

const allowed = ['http://127.0.0.1:4011']

test.each([
  'https://hooks.carrier.vn/an-tam',
  'https://hooks.carrier.vn:8443/?to=an-tam',
  'https://xn--nhmng-1qa6w.vn/',
  'https://nhàmạng.vn/nhận',
  'http://127.0.0.1:4011/hook',
])('%s is an address to push to', (url) => expect(urlFault(url, allowed)).toBeNull())

test.each([
  ['', 'url_missing'],
  ['hooks.carrier.vn', 'url_invalid'],
  ['https://', 'url_invalid'],
  ['https://hooks.carrier.vn:99999/', 'url_invalid'],
  [`https://hooks.carrier.vn/${'a'.repeat(100_000)}`, 'url_too_long'],
  ['http://hooks.carrier.vn/', 'url_scheme'],
  ['ftp://hooks.carrier.vn/', 'url_scheme'],
  ['file:///etc/passwd', 'url_scheme'],
  ['javascript:alert(1)', 'url_scheme'],
  ['gopher://hooks.carrier.vn/', 'url_scheme'],
  ['http://127.0.0.1:4012/', 'url_scheme'],
  ['https://127.0.0.1:4011/', 'url_port'],
  ['https://somebody:word@hooks.carrier.vn/', 'url_credentials'],
  ['https://somebody@hooks.carrier.vn/', 'url_credentials'],
  ['http://somebody@127.0.0.1:4011/', 'url_credentials'],
  ['https://hooks.carrier.vn/#part', 'url_fragment'],
  ['https://hooks.carrier.vn:22/', 'url_port'],
  ['https://hooks.carrier.vn:5432/', 'url_port'],
  ['https://localhost/', 'url_host'],
  ['https://carrier/', 'url_host'],
  ['https://db.internal/', 'url_host'],
  ['https://printer.local/', 'url_host'],
  ['https://hooks.localhost/', 'url_host'],
  ['https://hooks.carrier.vn./', 'url_host'],
  ['https://-hooks.carrier.vn/', 'url_host'],
  ['https://127.0.0.1/', 'url_host'],
  ['https://127.1/', 'url_host'],
  ['https://2130706433/', 'url_host'],
  ['https://0x7f.0.0.1/', 'url_host'],
  ['https://0177.0.0.1/', 'url_host'],
  ['https://10.0.0.1/', 'url_host'],
  ['https://169.254.169.254/latest/meta-data', 'url_host'],
  ['https://8.8.8.8/', 'url_host'],
  ['https://[::1]/', 'url_host'],
  ['https://[::ffff:127.0.0.1]/', 'url_host'],
  ['https://[64:ff9b::7f00:1]/', 'url_host'],
  ['https://[2001:4860:4860::8888]/', 'url_host'],
] as const)('%s is refused: %s', (url, fault) => expect(urlFault(url, allowed)).toBe(fault))

test('how pushing goes, in one word', () => {
  const secret = { id: '1', createdAt: new Date(), revokedAt: null }
  const webhook: Webhook = {
    url: '',
    state: 'live',
    failures: 0,
    failingSince: null,
    nextTryAt: null,
    lastSuccessAt: null,
    secrets: [secret],
    tries: [],
  }
  const pushStanding = (way: DeliveryWay, of: Webhook) => wayOf(way).standing(of)
  expect(pushStanding('push', webhook)).toBe('live')
  expect(pushStanding('push', { ...webhook, failures: 2 })).toBe('failing')
  expect(pushStanding('push', { ...webhook, state: 'gone' })).toBe('gone')
  expect(pushStanding('push', { ...webhook, secrets: [] })).toBe('no_secret')
  expect(pushStanding('push', { ...webhook, secrets: [{ ...secret, revokedAt: new Date() }] })).toBe(
    'no_secret',
  )
  expect(pushStanding('letter', { ...webhook, state: 'gone' })).toBe('paused')
})

test.each([
  ['pull', 'interface', false],
  ['push', 'interface', true],
  ['letter', 'paper', false],
] as const)('lines that go by %s are answered by %s', (name, answers, pushes) => {
  const way = wayOf(name)
  expect(way.answers).toBe(answers)
  // Paper orders are sent once handed over; interface orders are sent once they are in the book.
  expect(way.sentOnce).toBe(answers === 'paper' ? 'handed_over' : 'booked')
  expect(way.sentBy === 'product').toBe(pushes)
  // Only what is pushed needs an address, wakes a job, and can stop.
  expect([way.needsUrl, way.offer !== null, way.stopped({ state: 'gone' })]).toEqual([pushes, pushes, pushes])
  expect([way.stopped(null), way.stopped({ state: 'live' })]).toEqual([false, false])
})
