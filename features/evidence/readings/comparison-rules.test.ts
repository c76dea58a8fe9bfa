import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ImeiKey } from '#lib/imei/imei.ts'
import { compareImeis, differingDigits } from './comparison-rules.ts'
import type { ReadImei } from './rules.ts'

const claim = (imei: string) => ({ imei, key14: imei.slice(0, 14) })
const read = (imei: string, page = 1): ReadImei => ({
  imei,
  key: imei.slice(0, 14) as ImeiKey,
  page,
  method: 'barcode',
  box: null,
})
const [A, B] = ['352987065816623', '352987065816706']

describe('what was read beside what was claimed', () => {
  test('the same number stands in its own row, in any order on the label', () => {
    expect(compareImeis([claim(A), claim(B)], [read(B), read(A)])).toMatchObject([
      { slot: 1, claimed: A, read: { imei: A }, differing: [] },
      { slot: 2, claimed: B, read: { imei: B }, differing: [] },
    ])
  })

  test('a digit that was mistyped is marked by its place', () => {
    const typed = '352987065916623'
    expect(compareImeis([claim(typed)], [read(A)])).toMatchObject([{ slot: 1, differing: [9] }])
  })

  test('a second number that nobody claimed stands below, and one that was not seen stays without', () => {
    expect(compareImeis([claim(A)], [read(A), read(B)])).toMatchObject([
      { slot: 1, read: { imei: A } },
      { slot: null, claimed: null, read: { imei: B } },
    ])
    expect(compareImeis([claim(A), claim(B)], [read(A)])).toMatchObject([
      { slot: 1 },
      { slot: 2, read: null, differing: [] },
    ])
  })

  test('a number on two pages counts once, as it stands first', () => {
    expect(compareImeis([claim(A)], [read(A, 2), read(A, 3)])).toMatchObject([{ read: { page: 2 } }])
  })

  test('every claim and every number that was read has exactly one row', () => {
    const imei = fc.stringMatching(/^[0-9]{15}$/)
    const numbers = fc.uniqueArray(imei, { maxLength: 6, selector: (one) => one.slice(0, 14) })
    fc.assert(
      fc.property(numbers, numbers, (claimed, found) => {
        const rows = compareImeis(
          claimed.map(claim),
          found.map((one) => read(one)),
        )
        expect(rows.flatMap((row) => row.claimed ?? [])).toEqual(claimed)
        expect(rows.flatMap((row) => row.read?.imei ?? []).toSorted()).toEqual(found.toSorted())
        for (const { claimed: said, read: seen, differing } of rows)
          if (said && seen) expect(differing).toEqual(differingDigits(said, seen.imei))
        for (const one of claimed)
          if (found.includes(one)) {
            expect(rows.find((row) => row.claimed === one)?.read?.imei).toBe(one)
          }
      }),
    )
  })
})
