import { createECDH, randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { SCHEMA } from '#platform/env-schema.ts'
import { isKnownEndpoint, readSubscription } from './rules.ts'

const services = { hosts: SCHEMA.shape.WEB_PUSH_SERVICES.parse(undefined), allowed: [] }

test.each([
  'https://fcm.googleapis.com/fcm/send/abc:APA91b',
  'https://updates.push.services.mozilla.com/wpush/v2/gAAAA',
  'https://web.push.apple.com/QFwc',
  'https://wns2-sg2p.notify.windows.com/w/?token=BQYA',
])('%s is a known push service', (endpoint) => {
  expect(isKnownEndpoint(endpoint, services)).toBe(true)
})

test.each([
  'http://fcm.googleapis.com/fcm/send/abc',
  'https://fcm.googleapis.com.attacker.example/x',
  'https://attacker.example/fcm.googleapis.com',
  'https://fcm.googleapis.com@attacker.example/x',
  'https://user:word@fcm.googleapis.com/x',
  'https://fcm.googleapis.com:22/x',
  'https://notify.windows.com.example/x',
  // The pattern matches names below the domain, and no name that merely ends alike.
  'https://notify.windows.com/x',
  'https://evilnotify.windows.com/x',
  'https://127.0.0.1/x',
  'https://[::1]/x',
  'https://[::ffff:10.0.0.1]/x',
  'https://169.254.169.254/latest/meta-data',
  'https://2130706433/x',
  'https://localhost/x',
  'https://antam.internal/x',
  'file:///etc/passwd',
  'fcm.googleapis.com',
  '',
  `https://fcm.googleapis.com/${'a'.repeat(1_000)}`,
])('%s is none', (endpoint) => {
  expect(isKnownEndpoint(endpoint, services)).toBe(false)
})

const pair = createECDH('prime256v1')
const whole = {
  endpoint: 'https://fcm.googleapis.com/fcm/send/abc',
  keys: { p256dh: pair.generateKeys('base64url'), auth: randomBytes(16).toString('base64url') },
}

test('what a browser says of itself is read without what else it says', () => {
  expect(readSubscription(JSON.stringify({ ...whole, expirationTime: null }), services)).toEqual(whole)
})

test.each([
  '',
  'null',
  '[]',
  '{"endpoint":',
  JSON.stringify({ endpoint: whole.endpoint }),
  JSON.stringify({ ...whole, keys: { ...whole.keys, auth: 'short' } }),
  JSON.stringify({ ...whole, keys: { ...whole.keys, p256dh: `${whole.keys.p256dh}=` } }),
  JSON.stringify({ ...whole, keys: { ...whole.keys, p256dh: randomBytes(66).toString('base64url') } }),
  JSON.stringify({ ...whole, endpoint: 'https://10.0.0.1/x' }),
  JSON.stringify({ filler: 'a'.repeat(5_000), ...whole }),
])('%s is no subscription', (text) => {
  expect(readSubscription(text, services)).toBeNull()
})
