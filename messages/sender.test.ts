import { expect, test } from 'vitest'
import { senderLocale } from './sender.ts'

test.each([
  ['http://127.0.0.1:3000/en/report/evidence?error=type', 'en'],
  ['http://127.0.0.1:3000/bao-mat-may/giay-to', 'vi'],
  ['no address', 'vi'],
  [undefined, 'vi'],
])('a form sent from %s is answered in %s', (referer, locale) => {
  expect(senderLocale(new Request('http://127.0.0.1', referer ? { headers: { referer } } : {}))).toBe(locale)
})
