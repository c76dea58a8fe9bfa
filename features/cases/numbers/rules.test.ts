import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ALPHABET, checkCharacter } from '#lib/crockford.ts'
import { runs } from '#tests/runs.ts'
import { type CaseNumber, newCaseNumber, parseCaseNumber, spellCaseNumber } from './rules.ts'

const bytes = fc.uint8Array({ minLength: 8, maxLength: 8 })
const number = bytes.map((drawn) => newCaseNumber(() => drawn))
const read = (input: string) => {
  const parsed = parseCaseNumber(input)
  return parsed.ok ? parsed.value : parsed.error
}

describe('newCaseNumber', () => {
  it('has the form that parseCaseNumber reads', () => {
    fc.assert(
      fc.property(number, (made) => {
        expect(made).toMatch(/^HCM-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]$/)
        expect(read(made)).toBe(made)
      }),
    )
  })

  it('refuses a source that gives too little', () => {
    expect(() => newCaseNumber(() => new Uint8Array(7))).toThrow(RangeError)
  })
})

describe('parseCaseNumber', () => {
  const made = newCaseNumber(() => Uint8Array.of(0, 1, 17, 20, 31, 0, 1, 12))

  it('is tolerant of how people write', () => {
    expect(made).toMatch(/^HCM-01HM-Z01C-.$/)
    const check = made.at(-1)
    for (const written of [
      made.toLowerCase(),
      `  ${made.replaceAll('-', ' ')} `,
      made.replaceAll('-', ''),
      `01HMZ01C${check}`,
      `hcm o1hm zolc ${check}`,
      `HCM–OIHM–ZOLC–${check}`,
    ]) {
      expect(read(written)).toBe(made)
    }
  })

  it('reads a number that itself begins with HCM, with and without the prefix', () => {
    const twice = newCaseNumber(() => Uint8Array.of(17, 12, 20, 17, 12, 20, 17, 12))
    expect(twice).toMatch(/^HCM-HCMH-CMHC-/)
    expect(read(twice)).toBe(twice)
    expect(read(twice.slice(4))).toBe(twice)
  })

  it.each([
    ['', 'empty'],
    [' - ', 'empty'],
    ['HCM', 'format'],
    ['HCM-01HM-Z01C', 'format'],
    ['HNI-01HM-Z01C-0', 'format'],
    ['HCM-01HM-Z01U-0', 'format'],
    ['HCM-01HM-Z01Đ-0', 'format'],
    ['0'.repeat(100_000), 'format'],
  ])('refuses %s as %s', (input, fault) => {
    expect(read(input)).toBe(fault)
  })

  it('catches every single wrong character', () => {
    const place = fc.constantFrom(4, 5, 6, 7, 9, 10, 11, 12, 14)
    fc.assert(
      fc.property(number, place, fc.integer({ min: 1, max: 31 }), (right, at, shift) => {
        const wrong = ALPHABET.charAt((ALPHABET.indexOf(right.charAt(at)) + shift) % 32)
        expect(read(right.slice(0, at) + wrong + right.slice(at + 1))).toBe('check')
      }),
      { numRuns: runs(1_000) },
    )
  })

  it('catches nearly every swap of neighbours: 64 of 31,744 over all states slip through', () => {
    // The first character brings the system into each of its 32 states; the two others are swapped.
    let swaps = 0
    let missed = 0
    for (const first of ALPHABET)
      for (const a of ALPHABET)
        for (const b of ALPHABET) {
          if (a === b) continue
          swaps++
          if (checkCharacter(first + a + b) === checkCharacter(first + b + a)) missed++
        }
    expect([swaps, missed]).toEqual([31_744, 64])
  })

  it('answers any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(read(text)).toMatch(/^(HCM-.{4}-.{4}-.|empty|format|check)$/)
      }),
    )
  })
})

describe('spell', () => {
  it('reads groups in both languages', () => {
    const example = 'HCM-7K3Q-9XWD-4' as CaseNumber
    expect(spellCaseNumber(example, 'en')).toBe('7 Kilo 3 Quebec, 9 X-ray Whiskey Delta, 4')
    expect(spellCaseNumber(example, 'vi')).toBe('7 ca 3 quy, 9 ích-xì vê kép đê, 4')
  })

  it('has a name of its own for every letter', () => {
    for (const locale of ['vi', 'en'] as const) {
      const names = [...ALPHABET].map((letter) => spellCaseNumber(`HCM-${letter}` as CaseNumber, locale))
      expect(new Set(names).size).toBe(32)
      expect(names.filter((name) => /^[A-Z]$/.test(name))).toEqual([])
    }
  })
})
