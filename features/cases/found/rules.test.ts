import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { err, ok } from '#lib/result.ts'
import { FOUND_FIELDS, parseFoundPhone, readFoundTable } from './rules.ts'

const TODAY = '2026-11-24'
const PHONE = {
  imei: '352987065816623',
  foundOn: '2026-11-20',
  foundPlace: 'Chợ Bến Thành',
  custody: 'Công an Phường 6, Quận 3',
  note: '',
}
const read = (change: Partial<typeof PHONE>) => parseFoundPhone({ ...PHONE, ...change }, TODAY)

describe('a phone that was found', () => {
  it.each([
    '352987065816623',
    '35298706581662',
    '3529870658166207',
    '="352987065816623"',
    '= "35 298706 581662 3"',
    "'352987065816623",
    '35-298706-581662-3',
    '\ufeff352987065816623',
  ])('has one key, written as %j', (imei) => {
    expect(read({ imei })).toMatchObject(ok({ imei: PHONE.imei, key14: '35298706581662' }))
  })

  it.each([
    ['3.52987E+14', 'imei_scientific'],
    ['3,52987e+14', 'imei_scientific'],
    ['352987065816624', 'imei_check_digit'],
    ['', 'imei_empty'],
    ['=1+1', 'imei_letters'],
    ['35298706', 'imei_length'],
  ])('is refused as %j: %s', (imei, fault) => {
    expect(read({ imei })).toEqual(err({ imei: fault }))
  })

  it.each([
    ['20/11/2026', '2026-11-20'],
    ['1.2.2026', '2026-02-01'],
    ['2026-11-20T08:30', '2026-11-20'],
    ['20/11/2026 08:30', '2026-11-20'],
  ])('was found on %s', (foundOn, day) => {
    expect(read({ foundOn })).toMatchObject({ value: { foundOn: day } })
  })

  it('names every faulty field, and is from no day that does not exist or has not come', () => {
    expect(read({ foundOn: '25/11/2026' })).toEqual(err({ foundOn: 'foundOn_future' }))
    expect(read({ foundOn: '31/02/2026', foundPlace: ' ', custody: '', note: 'x'.repeat(301) })).toEqual(
      err({
        foundOn: 'foundOn_invalid',
        foundPlace: 'foundPlace_empty',
        custody: 'custody_empty',
        note: 'too_long',
      }),
    )
  })

  it('keeps a formula as the text it is', () => {
    expect(read({ note: '=HYPERLINK("http://x")' })).toMatchObject({
      value: { note: '=HYPERLINK("http://x")' },
    })
  })

  it('never throws, with any text in a cell', () => {
    const text = fc.string({ unit: 'grapheme' })
    const typed = fc.record({ imei: text, foundOn: text, foundPlace: text, custody: text, note: text })
    fc.assert(fc.property(typed, (cells) => void parseFoundPhone(cells, TODAY)))
  })
})

describe('a table of phones', () => {
  const cells = FOUND_FIELDS.map((field) => PHONE[field])

  it('is read by the names of its columns, in any order and either language', () => {
    const table = [
      ['Ghi chú', 'Nơi giữ', 'Số IMEI', 'Nơi tìm được', 'Ngày tìm được', 'Thừa'],
      ['', PHONE.custody, PHONE.imei, PHONE.foundPlace, PHONE.foundOn, 'x'],
    ]
    expect(readFoundTable(table, TODAY)).toMatchObject([{ line: 2, read: { ok: true } }])
  })

  it('is read in the form’s order where it has no names, and short rows are told of', () => {
    expect(readFoundTable([cells, [PHONE.imei]], TODAY)).toMatchObject([
      { line: 1, read: { ok: true } },
      { line: 2, read: err({ foundPlace: 'foundPlace_empty' }) },
    ])
  })

  it('has each phone once, however it is written', () => {
    expect(readFoundTable([cells, ['35298706581662', ...cells.slice(1)]], TODAY)?.[1]?.read).toEqual(
      err({ imei: 'imei_repeated_row' }),
    )
  })

  it('is none without a column of IMEIs', () => {
    expect(readFoundTable([['Tên', 'Ngày']], TODAY)).toBeNull()
    expect(readFoundTable([], TODAY)).toBeNull()
  })
})

it.each(['vi', 'en'])('has a template in %s whose every column is read', (locale) => {
  const file = readFileSync(`public/found-phones-${locale}.csv`, 'utf8')
  const header = file.replace('\ufeff', '').trimEnd().split(',')
  const asked = { ...PHONE, note: 'Vỏ xanh' }
  const [row] = readFoundTable([header, Object.values(asked)], TODAY) ?? []
  expect(row).toMatchObject({ line: 2, typed: asked, read: { ok: true } })
})
