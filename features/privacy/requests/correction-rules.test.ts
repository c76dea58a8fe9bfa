import { describe, expect, test } from 'vitest'
import type { Particulars } from '#features/cases/particulars/rules.ts'
import { NOTHING_OPEN } from '#features/reporting/fields/columns-rules.ts'
import { NOTHING_WRITTEN } from '#features/reporting/fields/rules.ts'
import { ok } from '#lib/result.ts'
import { must } from '#tests/must.ts'
import { correct, type Stated } from './correction-rules.ts'

const now = new Date('2026-11-28T03:00:00Z')
const person: Particulars = {
  ...NOTHING_WRITTEN,
  fullName: 'Nguyễn Thị Ánh',
  idKind: 'cccd',
  nationalId: '079190012345',
  contact: { kind: 'email', value: 'anh@example.vn' },
  place: 'Ngã tư Võ Thị Sáu',
  phoneNumbers: [],
}

const said: Stated = {
  particulars: person,
  ...NOTHING_OPEN,
  brand: 'Samsung',
  model: 'Galaxy A54',
  colour: 'đen',
  incidentAt: new Date('2026-11-25T12:30:00Z'),
  known: { manufacturer: 'Apple', model: 'iPhone 13' },
}

describe('a correction', () => {
  test('changes the field that it names, and keeps what it said before', () => {
    const once = must(correct(said, { field: 'fullName', value: ' Nguyễn Thị  Ánh Nguyệt ' }, now))
    expect(once).toEqual({
      particulars: {
        ...person,
        fullName: 'Nguyễn Thị Ánh Nguyệt',
        corrected: [{ field: 'fullName', before: 'Nguyễn Thị Ánh', at: now.toISOString() }],
      },
      changes: {},
      correction: { field: 'fullName', before: 'Nguyễn Thị Ánh', value: 'Nguyễn Thị Ánh Nguyệt' },
    })
    const next = { ...said, particulars: once.particulars }
    const twice = correct(next, { field: 'address', value: '12 Võ Văn Tần' }, now)
    expect(twice.ok && twice.value.particulars.corrected?.map(({ field }) => field)).toEqual([
      'fullName',
      'address',
    ])
  })

  test('of the phone changes the case itself, and compares it with the TAC table anew', () => {
    const brand = correct(said, { field: 'brand', value: 'Apple' }, now)
    expect(brand).toMatchObject(ok({ changes: { brand: 'Apple', tacMismatch: true } }))
    const model = correct({ ...said, brand: 'Apple' }, { field: 'model', value: 'iPhone 13' }, now)
    expect(model).toMatchObject(ok({ changes: { model: 'iPhone 13', tacMismatch: false } }))
    const colour = correct({ ...said, known: null }, { field: 'colour', value: 'xanh' }, now)
    expect(colour).toMatchObject(
      ok({
        changes: { colour: 'xanh' },
        particulars: { corrected: [{ field: 'colour', before: 'đen' }] },
      }),
    )
  })

  test('of the day is written day first, and granted as it was read', () => {
    const imported = { ...said, particulars: { ...person, incidentDayOnly: true } }
    const asked = correct(imported, { field: 'incidentAt', value: '24/11/2026 07:15' }, now)
    if (!asked.ok) throw new Error(asked.error)
    const at = new Date('2026-11-24T00:15:00Z')
    expect(asked.value.changes).toEqual({ incidentAt: at })
    expect(asked.value.particulars.incidentDayOnly).toBeUndefined()
    expect(correct(imported, { field: 'incidentAt', value: asked.value.correction.value }, now)).toEqual(
      asked,
    )
    for (const value of ['11/24/2026 07:15', '25/11/2027 10:00', 'hôm qua'])
      expect(correct(said, { field: 'incidentAt', value }, now)).toMatchObject({
        error: 'correction_invalid',
      })
  })

  test('is refused where it says nothing, nothing new, or nothing that can be', () => {
    expect(correct(said, { field: 'fullName', value: person.fullName }, now)).toMatchObject({
      error: 'correction_same',
    })
    for (const [field, value] of [
      ['fullName', ''],
      ['nationalId', '123'],
      ['address', '   '],
      ['serialNumber', 'x'.repeat(41)],
      ['brand', 'x'.repeat(61)],
    ] as const)
      expect(correct(said, { field, value }, now)).toMatchObject({ error: 'correction_invalid' })
  })
})
