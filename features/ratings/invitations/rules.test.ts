import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { allocate, drawCases, newToken, readCase, readCaseTable, readToken, sizeFor } from './rules.ts'

const row = (contact: string, more: { procedure?: string; reference?: string } = {}) =>
  readCase({ procedure: '1.000656', contact, reference: 'HS 12', ...more })

test('a row has a procedure and an address, a number or nothing, and never a name', () => {
  expect(row('Lan@Example.vn')).toMatchObject({ contact: { kind: 'email' }, procedure: '1.000656' })
  expect(row('0903 123 456')).toMatchObject({ contact: { kind: 'phone', value: '+84903123456' } })
  // A spreadsheet has dropped the zero, or kept it with an apostrophe.
  expect(row('903123456')).toMatchObject({ contact: { value: '+84903123456' } })
  expect(row("'0903123456")).toMatchObject({ contact: { value: '+84903123456' } })
  expect(row('')).toEqual({ procedure: '1.000656', contact: null, reference: 'HS 12' })
  expect([row('9.03123E+08'), row('Nguyễn Văn An'), row('028 3829 0000')]).toEqual([
    'rounded',
    'contact',
    'contact',
  ])
  expect([row('', { procedure: 'a, b' }), row('', { reference: 'x'.repeat(41) })]).toEqual([
    'procedure',
    'reference',
  ])
  expect(
    readCaseTable([
      ['procedure', 'contact'],
      ['a', 'x'],
      ['b', '0903123456'],
    ]),
  ).toMatchObject({
    cases: [{ procedure: 'b' }],
    faults: [{ line: 2, fault: 'contact' }],
  })
  expect(readCaseTable([['a', '0903123456', '']])).toBeNull()
})

const strata = fc.dictionary(fc.stringMatching(/^[a-f]$/), fc.integer({ min: 1, max: 200 }), { minKeys: 1 })

describe('a draw', () => {
  test('shares its size among procedures by their cases, to the next whole case', () => {
    fc.assert(
      fc.property(strata, fc.integer({ min: 1, max: 300 }), (cases, size) => {
        const of = new Map(Object.entries(cases))
        const shares = allocate(of, size)
        const all = [...of.values()].reduce((sum, some) => sum + some, 0)
        expect([...shares.values()].reduce((sum, some) => sum + some, 0)).toBe(Math.min(size, all))
        for (const [key, some] of of) {
          const share = shares.get(key) ?? 0
          expect(share).toBeLessThanOrEqual(some)
          expect(Math.abs(share - (Math.min(size, all) * some) / all)).toBeLessThan(1)
        }
      }),
    )
  })

  test('invites a contact once, however many of its cases are listed, and each case with the same chance', () => {
    const listed = Array.from({ length: 60 }, (_, at) => ({
      procedure: at < 40 ? 'a' : 'b',
      contact: at % 10 === 0 ? ({ kind: 'phone', value: 'same' } as const) : null,
      at,
    }))
    const times = new Map<number, number>()
    for (let turn = 0; turn < 400; turn++) {
      const drawn = drawCases(
        listed,
        30,
        listed.map(() => randomBytes(6).readUIntBE(0, 6)),
      )
      expect(drawn).toHaveLength(30)
      expect(drawn.filter(({ procedure }) => procedure === 'a')).toHaveLength(20)
      expect(drawn.filter(({ contact }) => contact !== null).length).toBeLessThanOrEqual(1)
      for (const { at, contact } of drawn) if (contact === null) times.set(at, (times.get(at) ?? 0) + 1)
    }
    // 54 cases without a contact share about 29 places: each is drawn about 216 times in 400.
    for (const count of times.values()) expect(Math.abs(count - 216)).toBeLessThan(60)
    expect(times.size).toBe(54)
  })

  test('is by default as large as the city’s own index draws', () => {
    expect([sizeFor(100), sizeFor(400), sizeFor(1_200), sizeFor(100_000)]).toEqual([80, 200, 300, 399])
  })
})

test('a link tells what was copied wrongly from what is over', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 15, maxLength: 15 }), fc.nat(15), (bytes, at) => {
      const token = newToken(() => bytes)
      expect(readToken(token.toLowerCase())).toBe(token)
      expect(readToken(`${token.slice(0, 4)}-${token.slice(4)}`)).toBe(token)
      expect(readToken(token.slice(0, -1))).toBeNull()
      const other = token[at] === 'Z' ? 'Y' : 'Z'
      expect(readToken(`${token.slice(0, at)}${other}${token.slice(at + 1)}`)).toBeNull()
    }),
  )
})
