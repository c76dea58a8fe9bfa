import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { smsLength, withoutMarks } from './sms-text.ts'

describe('withoutMarks', () => {
  it('keeps Vietnamese readable, and addresses and codes as they are', () => {
    expect(withoutMarks('An Tâm: Đã nhận báo mất máy, hồ sơ HCM-7K3Q. Ở đâu? “Gỡ” – ngay…')).toBe(
      'An Tam: Da nhan bao mat may, ho so HCM-7K3Q. O dau? "Go" - ngay...',
    )
    expect(withoutMarks('https://antam.vn/theo-doi?number=HCM-1 482913')).toBe(
      'https://antam.vn/theo-doi?number=HCM-1 482913',
    )
    expect(withoutMarks('🙂 中')).toBe('? ?')
  })

  it('always comes to GSM-7, and changes nothing the second time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const plain = withoutMarks(text)
        expect(smsLength(plain).encoding).toBe('GSM-7')
        expect(withoutMarks(plain)).toBe(plain)
      }),
    )
  })
})

describe('smsLength', () => {
  it.each([
    ['', 'GSM-7', 1],
    ['a'.repeat(160), 'GSM-7', 1],
    ['a'.repeat(161), 'GSM-7', 2],
    ['a'.repeat(306), 'GSM-7', 2],
    ['a'.repeat(307), 'GSM-7', 3],
    ['€'.repeat(80), 'GSM-7', 1],
    // 153 is odd: each part holds 76 of two septets.
    ['€'.repeat(153), 'GSM-7', 3],
    ['â'.repeat(70), 'UCS-2', 1],
    ['â'.repeat(71), 'UCS-2', 2],
    ['â'.repeat(135), 'UCS-2', 3],
    // A surrogate pair is not cut: 33 in each part of 67.
    ['🙂'.repeat(67), 'UCS-2', 3],
  ])('%#: %s segments', (text, encoding, segments) => {
    expect(smsLength(text)).toEqual({ encoding, segments })
  })
})
