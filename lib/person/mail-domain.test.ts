import fc from 'fast-check'
import { expect, test } from 'vitest'
import { suggestEmail } from './mail-domain.ts'

test.each([
  ['lan@gmial.com', 'lan@gmail.com'],
  ['lan@gmai.com', 'lan@gmail.com'],
  ['lan@gmaill.com', 'lan@gmail.com'],
  ['lan@gmail.con', 'lan@gmail.com'],
  ['lan@gmail.com.vn', 'lan@gmail.com'],
  ['lan@GMAIL.CO', 'lan@gmail.com'],
  ['lan@yaho.com', 'lan@yahoo.com'],
  ['lan@yahoo.com.vm', 'lan@yahoo.com.vn'],
  ['lan@hotmial.com', 'lan@hotmail.com'],
  ['lan@iclound.com', 'lan@icloud.com'],
])('%s is asked about: %s', (typed, meant) => {
  expect(suggestEmail(typed)).toBe(meant)
})

test.each([
  'lan@gmail.com',
  'lan@yahoo.com.vn',
  'lan@ymail.com',
  'lan@mail.com',
  'lan@example.vn',
  'lan@hcmcpv.org.vn',
  'lan@live.co',
  '',
  'gmial.com',
])('%s is taken as it is', (typed) => {
  expect(suggestEmail(typed)).toBeNull()
})

test('what is suggested keeps the name before the host, and is itself not asked about', () => {
  fc.assert(
    fc.property(fc.emailAddress(), (email) => {
      const meant = suggestEmail(email)
      if (meant === null) return
      expect(meant.startsWith(email.slice(0, email.lastIndexOf('@') + 1))).toBe(true)
      expect(suggestEmail(meant)).toBeNull()
    }),
  )
})
