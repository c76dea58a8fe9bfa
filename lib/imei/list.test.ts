import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { luhnDigit } from './imei.ts'
import { imeiCells, MAX_LIST, readImeiList } from './list.ts'

const linesOf = (...texts: string[]) => {
  const read = readImeiList(texts)
  return read.ok
    ? read.value.map((line) => (line.read.ok ? line.read.value.imei : line.read.error))
    : read.error
}
const IMEI = '352987065816623'

describe('a list of IMEIs', () => {
  it.each([
    [`${IMEI}\r\n35678910123456`, [IMEI, '356789101234563']],
    [`${IMEI},35678910123456; 3567891012345607\t${IMEI}`, [IMEI, '356789101234563', '356789101234563', IMEI]],
    [`${IMEI} 356789101234563`, [IMEI, '356789101234563']],
    ['35 298706 581662 3\n35-298706-581662-3', [IMEI, IMEI]],
    ['３５２９８７０６５８１６６２３，\u200b35298706581662\u202e', [IMEI, IMEI]],
    [`="${IMEI}"\n'${IMEI}`, [IMEI, IMEI]],
    ['3,52987E+14\n3.52987E+14', ['scientific', 'scientific']],
    ['352987065816624, nghe\n\n  \n123;=1+1', ['check_digit', 'letters', 'length', 'letters']],
    ['000000000000000 111111111111111\n004999010640000', ['zeros', 'repeated', 'test_body']],
  ])('reads %j', (text, expected) => {
    expect(linesOf(text)).toEqual(expected)
  })

  it('says where the same phone stands before, in any writing', () => {
    const read = readImeiList([`${IMEI}\nx\n35298706581662\n3529870658166299`])
    expect(read.ok && read.value.map(({ sameAs }) => sameAs)).toEqual([null, null, 1, 1])
  })

  it('is refused when it is empty or too long, and never shown at any length', () => {
    expect(linesOf(' \n;,\t')).toBe('empty')
    expect(linesOf(`${IMEI}\n`.repeat(MAX_LIST))).toHaveLength(MAX_LIST)
    expect(linesOf(`${IMEI}\n`.repeat(MAX_LIST + 1))).toBe('too_many')
    const read = readImeiList(['9'.repeat(100_000)])
    expect(read.ok && read.value[0]?.written).toBe('9'.repeat(60))
  })

  const digits = fc.stringMatching(/^3[0-9]{12}[1-9]$/)
  const right = digits.chain((key) =>
    fc.constantFrom(
      [key, key + luhnDigit(key)],
      [key + luhnDigit(key), key + luhnDigit(key)],
      [`${key}07`, key + luhnDigit(key)],
    ),
  )
  const wrong = fc.constantFrom(['352987065816624', 'check_digit'], ['12345', 'length'], ['nghe', 'letters'])
  const line = fc.tuple(fc.oneof(right, wrong), fc.constantFrom('\n', '\r\n', ';', ',', '\t', ' \n', ', '))

  it('answers every line once, in the order given', () => {
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 40 }), (lines) => {
        const text = lines.map(([[written], apart]) => `${written}${apart}`).join('')
        expect(linesOf(text)).toEqual(lines.map(([[, answer]]) => answer))
      }),
    )
  })

  it('reads any pasted text', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      right.map(([written = '']) => written),
    )
    fc.assert(
      fc.property(fc.array(piece), (texts) => {
        const read = readImeiList(texts)
        for (const [at, { written, sameAs }] of (read.ok ? read.value : []).entries()) {
          expect(written).not.toBe('')
          expect(sameAs ?? 0).toBeLessThan(at + 1)
        }
      }),
    )
  })
})

describe('a sheet of IMEIs', () => {
  it('is read by the names of its columns, in either language', () => {
    expect(
      imeiCells([
        ['Hãng', 'Số IMEI', 'imei_2'],
        ['Samsung', '1', '2'],
        ['Oppo', '3'],
      ]),
    ).toEqual(['1', '2', '3', ''])
  })

  it('without names, by the first column that begins with a number', () => {
    expect(
      imeiCells([
        ['Samsung', `="${IMEI}"`],
        ['Oppo', 'x'],
      ]),
    ).toEqual([`="${IMEI}"`, 'x'])
    expect(imeiCells([['Hãng', 'Giá']])).toBeNull()
    expect(imeiCells([])).toBeNull()
  })
})
