import fc from 'fast-check'
import { expect, test } from 'vitest'
import file from '#cities/viet-nam/banks.json' with { type: 'json' }
import { bankFileSchema, findBanks, shownBank } from './rules.ts'

const entries = bankFileSchema.parse(file)
const banks = entries.map(shownBank)
const found = (search: string) => findBanks(banks, search).map(({ id }) => id)

test('every entry has its own name, and none is there twice', () => {
  expect(new Set(banks.map(({ id }) => id)).size).toBe(banks.length)
  expect(new Set(banks.map(({ name }) => name)).size).toBe(banks.length)
})

test('a number that nobody could check is never shown, one that is shown says where it is from', () => {
  for (const [index, entry] of entries.entries()) {
    const bank = banks[index]
    if (entry.checked === 'assumed') expect(bank).toMatchObject({ numbers: [], source: null })
    else expect(bank?.source?.url).toMatch(/^https:/)
    expect((bank?.numbers.length ?? 0) > 0, entry.id).toBe(bank?.source !== null)
  }
  expect(banks.filter(({ numbers }) => numbers.length > 0).length).toBeGreaterThanOrEqual(7)
})

test('what says that it is the bank’s own page lies under the bank’s own domain', () => {
  const domain = (url: string) =>
    new URL(url).hostname
      .split('.')
      .slice(/\.com\.vn$/.test(url.split('/')[2] ?? '') ? -3 : -2)
      .join('.')
  for (const { checked, source, site, id } of entries)
    if (checked === 'own') expect(domain(source ?? ''), id).toBe(domain(site))
})

test.each([
  ['vcb', 'vietcombank'],
  ['Ngân hàng Ngoại thương', 'vietcombank'],
  ['vietcom bank', 'vietcombank'],
  ['ngân hàng quân đội', 'mb'],
  ['mb bank', 'mb'],
  ['QUAN DOI', 'mb'],
  ['momo', 'momo'],
  ['ví momo', 'momo'],
  ['zalo pay', 'zalopay'],
  ['tech', 'techcombank'],
  ['công thương', 'vietinbank'],
  ['á châu', 'acb'],
])('“%s” finds %s', (search, id) => {
  expect(found(search)).toContain(id)
})

test('what is no bank finds none, and nothing finds all', () => {
  expect(found('xyz không có')).toEqual([])
  expect(found('')).toHaveLength(banks.length)
  expect(found('  ngân hàng ')).toHaveLength(banks.length)
})

test('for every search, what is found stands in its order', () => {
  fc.assert(
    fc.property(fc.string(), (search) => {
      const ids = banks.map(({ id }) => id)
      expect(found(search)).toEqual(ids.filter((id) => found(search).includes(id)))
    }),
  )
})
