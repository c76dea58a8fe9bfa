import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runs } from '#tests/runs.ts'
import { compactCode, foldDiacritics, isVietnamese, stripInvisible } from './text-normalization.ts'

describe('compactCode', () => {
  it.each([
    ['35 298706-581662.3', '352987065816623'],
    ['35/298706/581662/3', '352987065816623'],
    ['３５２９８７', '352987'],
    ['35\u00a0298\u2009706\u3000581', '35298706581'],
    ['35\u2013298\u2014706\u2212581', '35298706581'],
    ['\u200e352\u200b987\u2060\ufeff', '352987'],
    ['٣٥٢٩٨٧٠', '3529870'],
    ['\u{116da}\u{116e3}', '09'],
    ['35a', '35a'],
    [' -./ ', ''],
  ])('%j is %j', (written, meant) => {
    expect(compactCode(written)).toBe(meant)
  })

  it('gives itself again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(compactCode(compactCode(text))).toBe(compactCode(text))
      }),
    )
  })
})

describe('visible', () => {
  it('takes the marks nobody sees and leaves lines and letters', () => {
    expect(stripInvisible('\u202eNguyễn\u202c \u200bÁnh\u0000\r\n\tĐào\u{e0041}')).toBe('Nguyễn Ánh\r\n\tĐào')
  })
})

describe('fold', () => {
  it.each([
    ['Nguyễn Thị Ánh Đào', 'nguyen thi anh dao'],
    ['Nguyễn Thị Ánh Đào'.normalize('NFD'), 'nguyen thi anh dao'],
    ['ĂÂÊÔƠƯ ăâêôơư', 'aaeoou aaeoou'],
    ['ＱＵẬＮ ３', 'quan 3'],
    ['Ðỗ', 'do'],
    ['Дарья', 'дарья'],
    ['김', '김'],
  ])('%j is %j', (text, folded) => {
    expect(foldDiacritics(text)).toBe(folded)
  })

  it('gives itself again, with any letters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(foldDiacritics(foldDiacritics(text))).toBe(foldDiacritics(text))
      }),
      { numRuns: runs(2_000) },
    )
  })

  it('is the same for composed and decomposed text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(foldDiacritics(text.normalize('NFD'))).toBe(foldDiacritics(text.normalize('NFC')))
      }),
    )
  })
})

describe('isVietnamese', () => {
  it.each([
    ['Hai người đi xe máy giật điện thoại khi tôi đang gọi xe.', true],
    ['Luật Viễn thông 24/2023/QH15', true],
    ['Chờ lâu.'.normalize('NFD'), true],
    ['Hai nguoi giat dien thoai.', false],
    ['Two men on a motorbike snatched it in front of Bàn Cờ market.', false],
    ['Où êtes-vous allé ? À l’hôtel, près du marché.', false],
    ['Wir möchten Ärger vermeiden, schöne Grüße', false],
    ['QĐ 1001/QĐ-BNV 2023; published only from 30 answers', false],
    ['352987065816623', false],
    ['', false],
  ])('%j: %j', (text, is) => {
    expect(isVietnamese(text)).toBe(is)
  })
})
