import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { err, ok } from '#lib/result.ts'
import { RECORD_FIELDS, type RecordTyped, readRecord, readRecordTable } from './rules.ts'

const NOW = new Date('2026-11-24T03:00:00Z')
const FULL: RecordTyped = {
  sourceNumber: '123/2026/HS',
  incidentType: 'Cướp giật',
  incidentAt: '20/11/2026 08:30',
  place: 'Ngã tư Bảy Hiền',
  imei1: '352987065816623',
  imei2: '',
  imei3: '',
  imei4: '',
  brand: 'Samsung',
  model: 'Galaxy A15',
  fullName: 'Nguyễn Thị Ánh',
  nationalId: '079190012345',
  contact: 'anh@example.vn',
}
const read = (change: Partial<RecordTyped>) => readRecord({ ...FULL, ...change }, NOW)
const bare = { place: '', brand: '', model: '', fullName: '', nationalId: '', contact: '' }

describe('a record of police’s own files', () => {
  it('is read as it is written', () => {
    expect(read({})).toMatchObject(
      ok({
        sourceNumber: '123/2026/HS',
        incidentType: 'snatched',
        incidentAt: new Date('2026-11-20T01:30:00Z'),
        imeis: [{ imei: '352987065816623', key: '35298706581662' }],
        idKind: 'cccd',
        contact: { kind: 'email', value: 'anh@example.vn' },
      }),
    )
  })

  it('needs number, kind, time and one IMEI, and nothing else', () => {
    expect(read(bare)).toMatchObject({
      value: { fullName: '', idKind: null, nationalId: '', contact: null, brand: '' },
    })
    expect(
      read({ ...bare, sourceNumber: ' ', incidentType: 'khác', incidentAt: '31/02/2026', imei1: '' }),
    ).toEqual(
      err({
        sourceNumber: 'sourceNumber_empty',
        incidentType: 'incidentType_unknown',
        incidentAt: 'incidentAt_invalid',
        imei1: 'imei_empty',
      }),
    )
  })

  it('has its phone in 14, 15 or 16 digits, in columns or in one cell', () => {
    expect(read({ imei1: '35298706581662', imei2: '="3567891012345607"' })).toMatchObject({
      value: { imeis: [{ key: '35298706581662' }, { key: '35678910123456' }] },
    })
    expect(read({ imei1: "'352987065816623; 35678910123456" })).toMatchObject({
      value: { imeis: [{ key: '35298706581662' }, { key: '35678910123456' }] },
    })
    expect(read({ imei2: '3529870658166207' })).toMatchObject({ error: { imei2: 'imei_duplicate' } })
    expect(read({ imei1: '3.52987E+14' })).toMatchObject({ error: { imei1: 'imei_scientific' } })
    expect(read({ imei2: '352987065816624' })).toMatchObject({ error: { imei2: 'imei_check_digit' } })
  })

  it.each([
    ['79190012345', 'cccd', '079190012345'],
    ['C1234567', 'passport', 'C1234567'],
  ])('has %s as a number of papers', (nationalId, idKind, number) => {
    expect(read({ nationalId })).toMatchObject({ value: { idKind, nationalId: number } })
  })

  it('names what cannot be a name, a number of papers or a contact', () => {
    expect(read({ fullName: '123', nationalId: '12', contact: 'không có' })).toEqual(
      err({ fullName: 'fullName_invalid', nationalId: 'nationalId_invalid', contact: 'contact_invalid' }),
    )
    expect(read({ contact: '901234567' })).toMatchObject({
      value: { contact: { kind: 'phone', value: '+84901234567' } },
    })
    expect(read({ incidentAt: '2026-11-25' })).toEqual(err({ incidentAt: 'incidentAt_future' }))
  })

  it('never throws, with any text in a cell', () => {
    const text = fc.string({ unit: 'grapheme' })
    const typed = fc.record(Object.fromEntries(RECORD_FIELDS.map((field) => [field, text])))
    fc.assert(fc.property(typed, (cells) => void readRecord(cells as RecordTyped, NOW)))
  })
})

describe('a table of records', () => {
  const cells = RECORD_FIELDS.map((field) => FULL[field])

  it('is read by the names of its columns, in either language, or in the given order', () => {
    const table = [
      ['IMEI', 'Số vụ việc', 'Loại', 'Ngày xảy ra', 'Thừa'],
      [FULL.imei1, FULL.sourceNumber, 'trộm cắp', FULL.incidentAt, 'x'],
    ]
    expect(readRecordTable(table, NOW)).toMatchObject([
      { line: 2, read: { value: { incidentType: 'stolen' } } },
    ])
    expect(readRecordTable([cells], NOW)).toMatchObject([{ line: 1, read: { ok: true } }])
    expect(readRecordTable([['Tên', 'Ngày']], NOW)).toBeNull()
  })

  it('has each file number and each phone once', () => {
    const other = cells.with(0, '124/2026/HS')
    expect(
      readRecordTable([cells, cells.with(4, '35678910123456'), other], NOW)?.map(({ read: one }) => one.ok),
    ).toEqual([true, false, false])
  })
})

it('a date without a time of day is a day alone, and a time of midnight is a time', () => {
  const dayOnly = (incidentAt: string) => {
    const record = read({ incidentAt })
    return record.ok && record.value.incidentDayOnly
  }
  for (const written of ['20/11/2026', '2026-11-20', '20/11/2026 sáng'])
    expect(dayOnly(written), written).toBe(true)
  for (const written of ['20/11/2026 08:30', '2026-11-20T08:30', '20/11/2026 8h30', '20/11/2026 00:00'])
    expect(dayOnly(written), written).toBe(false)
})

it.each(['vi', 'en'])('has a template in %s whose every column is read', (locale) => {
  const header = readFileSync(`public/records-${locale}.csv`, 'utf8')
    .replace('\ufeff', '')
    .trimEnd()
    .split(',')
  const { imei3: _, imei4: __, ...asked } = { ...FULL, imei2: '356789101234563' }
  const [row] = readRecordTable([header, Object.values(asked)], NOW) ?? []
  expect(row).toMatchObject({ line: 2, typed: asked, read: { ok: true } })
})
