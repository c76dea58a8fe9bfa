import fc from 'fast-check'
import { expect, test } from 'vitest'
import { err, ok } from '#lib/result.ts'
import { codeOfMessage, idsOfCode, readMessage } from './rules.ts'

const v4 = fc.uuid({ version: 4 })

test('a message is found by its code, typed in any usual way, and no other one is', () => {
  fc.assert(
    fc.property(v4, v4, (id, other) => {
      const code = codeOfMessage(id)
      expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{3}(-[0-9A-HJKMNP-TV-Z]{3}){2}$/)
      expect(code).not.toMatch(/\d{6}/)
      for (const typed of [
        code,
        code.toLowerCase(),
        ` ${code.replaceAll('-', ' ')} `,
        code.replaceAll('-', ''),
      ])
        expect(readMessage(typed)).toEqual(ok({ code, hosts: [] }))
      const { first, last } = idsOfCode(code)
      expect(first <= id && id <= last).toBe(true)
      if (codeOfMessage(other) !== code) expect(first <= other && other <= last).toBe(false)
    }),
  )
})

test('letters that are no part of a code are read as the digits for which they are taken', () => {
  expect(readMessage('oIl-2p9-xqr')).toEqual(ok({ code: '011-2P9-XQR', hosts: [] }))
})

test('the code is found in a message that is pasted whole, with the hosts of its links', () => {
  const text =
    'An Tâm: Đã nhận báo mất máy, hồ sơ HCM-7K3Q-9XWD-4. Xem: https://antam.vn.evil.example/ho-so\nMã tin K7M-2P9-XQR'
  expect(readMessage(text)).toEqual(ok({ code: 'K7M-2P9-XQR', hosts: ['antam.vn.evil.example'] }))
})

test.each([
  ['Vào icloud-find.evil.example/abc ngay.', ['icloud-find.evil.example']],
  ['Vào EVIL.example', ['evil.example']],
  ['Vào bit.ly/2x, hay https://antam.vn@evil.example/a', ['bit.ly', 'evil.example']],
  ['Vào ｅｖｉｌ．example', ['evil.example']],
  ['Gửi lúc 14:02 ngày 01/12/2026 tới t•••@e•••.vn. Số 1022.', []],
])('a link is one with https and without: %s', (text, hosts) => {
  expect(readMessage(`${text}\nMã tin K7M-2P9-XQR`)).toEqual(ok({ code: 'K7M-2P9-XQR', hosts }))
})

test.each([
  ['', 'empty'],
  ['  \n', 'empty'],
  ['Máy của bạn đã được tìm thấy, bấm https://evil.example', 'format'],
  ['K7M-2P9-XQ', 'format'],
  ['K7M-2P9-XQU', 'format'],
  ['HCM-7K3Q-9XWD-4', 'format'],
  ['482913', 'format'],
  ['K7M-2P9-XQR K7M-2P9-XQS', 'several'],
])('%j is no code: %s', (typed, error) => {
  expect(readMessage(typed)).toEqual(err(error))
})
