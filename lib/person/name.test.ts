import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cleanName, NAME_MAX, parseName, searchWords } from './name.ts'

const nameOf = (input: string) => {
  const parsed = parseName(input)
  return parsed.ok ? parsed.value : parsed.error
}

describe('parseName', () => {
  it.each([
    'Nguyễn Thị Ánh Đào',
    'Ưng Hoàng Phúc',
    'Y Moan Ênuôl',
    "K'Brêu",
    'Seán O’Brien',
    'Jean-Pierre St. John, Jr.',
    'Kumar a/l Raj',
    'Дарья Иванова',
    '김민준',
    '王小明',
    'สมชาย ใจดี',
    'محمد',
    'X',
  ])('accepts %s', (name) => {
    expect(parseName(name)).toEqual({ ok: true, value: name.normalize('NFC') })
  })

  it('composes, strips and collapses', () => {
    expect(nameOf(`  \u202e${'Trần  Đức'.normalize('NFD')}\u200b\u00a0\t Ân\u0000 `)).toBe('Trần Đức Ân')
  })

  it.each([
    ['', 'empty'],
    [' \u200b\u202e ', 'empty'],
    ['a'.repeat(101), 'too_long'],
    ['Ế'.repeat(100_000), 'too_long'],
    ['. - .', 'no_letters'],
    ['🙂', 'no_letters'],
    ['Nguyễn Văn 2', 'digits'],
    ['079123456789', 'digits'],
    ['An 🙂', 'symbols'],
    ['<b>An</b>', 'symbols'],
    ['=cmd()', 'symbols'],
    ['An@example.com', 'symbols'],
  ])('refuses %s as %s', (input, fault) => {
    expect(nameOf(input)).toBe(fault)
  })

  it('counts letters, not bytes or marks', () => {
    expect(parseName('ộ'.normalize('NFD').repeat(NAME_MAX)).ok).toBe(true)
    expect(parseName('𠮷'.repeat(NAME_MAX)).ok).toBe(true)
  })

  it('gives itself again, and never a mark nobody sees', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (input) => {
        const clean = cleanName(input)
        expect(cleanName(clean)).toBe(clean)
        expect(clean).not.toMatch(/[\p{Cc}\p{Cf}]/u)
      }),
    )
  })
})

describe('searchWords', () => {
  it.each([
    ['Nguyễn Thị Ánh Đào', ['nguyen', 'thi', 'anh', 'dao']],
    ['Trần Trân', ['tran']],
    ["O'Brien Jean-Pierre", ['obrien', 'jean', 'pierre']],
    ['王小明', ['王小明']],
    [' . ', []],
  ])('of %s', (name, words) => {
    expect(searchWords(name)).toEqual(words)
  })

  it('does not depend on case, diacritics or composition', () => {
    const syllable = fc.constantFrom('Nguyễn', 'Đặng', 'Hoàng', 'Ỷ', 'Thuỳ', 'Lượng', 'Ơn')
    fc.assert(
      fc.property(fc.array(syllable, { minLength: 1, maxLength: 6 }), (syllables) => {
        const name = syllables.join(' ')
        expect(searchWords(name.toUpperCase().normalize('NFD'))).toEqual(searchWords(name))
        for (const word of searchWords(name)) expect(word).toMatch(/^[a-z]+$/)
      }),
    )
  })
})
