import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { err, ok } from '#lib/result.ts'
import { newCaseSecret, newCode, parseCaseSecret, parseCode } from './rules.ts'

const secret = fc.uint8Array({ minLength: 20, maxLength: 20 }).map((drawn) => newCaseSecret(() => drawn))

describe('a case secret', () => {
  it('has four groups of five', () => {
    fc.assert(
      fc.property(secret, (made) => {
        expect(made).toMatch(/^([0-9A-HJKMNP-TV-Z]{5}-){3}[0-9A-HJKMNP-TV-Z]{5}$/)
      }),
    )
  })

  it('is read in any writing', () => {
    const written = fc.constantFrom<(s: string) => string>(
      (s) => s,
      (s) => s.toLowerCase(),
      (s) => s.replaceAll('-', ''),
      (s) => s.replaceAll('-', ' \u00a0'),
      (s) => s.replaceAll('0', 'o').replaceAll('1', 'L'),
      (s) => ` ${s}\u200b\n`,
    )
    fc.assert(
      fc.property(secret, written, (made, write) => {
        expect(parseCaseSecret(write(made))).toEqual(ok(made))
      }),
    )
  })

  it('uses every bit: another byte makes another secret', () => {
    const byte = (n: number) => newCaseSecret((length) => new Uint8Array(length).fill(n))
    expect(new Set(Array.from({ length: 32 }, (_, n) => byte(n))).size).toBe(32)
  })

  it.each([
    ['', 'empty'],
    ['XXXXX-XXXXX-XXXXX-XXXX', 'format'],
    ['XXXXX-XXXXX-XXXXX-XXXXXX', 'format'],
    ['XXXXX-XXXXX-XXXXX-XXXXU', 'format'],
    ['X'.repeat(100_000), 'format'],
  ])('refuses %s as %s', (input, error) => {
    expect(parseCaseSecret(input)).toEqual(err(error))
  })
})

describe('a code', () => {
  const drawing = (...draws: number[]) => {
    const queue = [...draws]
    return () => {
      const next = queue.shift() ?? 0
      return Uint8Array.of(next >> 16, (next >> 8) & 255, next & 255)
    }
  }

  it.each([
    [0, '000000'],
    [1_000_007, '000007'],
    [15_999_999, '999999'],
  ])('from %i is %s', (draw, code) => {
    expect(newCode(drawing(draw))).toBe(code)
  })

  it('draws again where a code would be likelier than another', () => {
    expect(newCode(drawing(16_000_000, 2 ** 24 - 1, 42))).toBe('000042')
  })

  it('is read as typed, and always six digits', () => {
    expect(parseCode(' 123 456 ')).toEqual(ok('123456'))
    expect(parseCode('１２３-４５６')).toEqual(ok('123456'))
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 15_999_999 }), (draw) => {
        const code = newCode(drawing(draw))
        expect(parseCode(code)).toEqual(ok(code))
      }),
    )
  })

  it.each([
    [' ', 'empty'],
    ['12345', 'format'],
    ['1234567', 'format'],
    ['12345a', 'format'],
  ])('refuses %j as %s', (input, error) => {
    expect(parseCode(input)).toEqual(err(error))
  })
})
