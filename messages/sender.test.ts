import { expect, test } from 'vitest'
import { senderLocale, sentFrom } from './sender.ts'

test.each([
  ['http://127.0.0.1:3000/en/report/evidence?error=type', 'en'],
  ['http://127.0.0.1:3000/bao-mat-may/giay-to', 'vi'],
  ['no address', 'vi'],
  [undefined, 'vi'],
])('a form sent from %s is answered in %s', (referer, locale) => {
  expect(senderLocale(new Request('http://127.0.0.1', referer ? { headers: { referer } } : {}))).toBe(locale)
})

test.each(['vi', 'en'] as const)(
  'a form of a browser that sends no Referer is answered in %s too',
  (locale) => {
    const action = new URL(sentFrom(locale, '/api/evidence'), 'http://127.0.0.1')
    expect(senderLocale(new Request(action))).toBe(locale)
  },
)

test('an address that names a language we have not is answered by its Referer', () => {
  const headers = { referer: 'http://127.0.0.1/en/track' }
  expect(senderLocale(new Request('http://127.0.0.1/api/case/end?lang=fr', { headers }))).toBe('en')
})
