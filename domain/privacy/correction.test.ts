import { describe, expect, test } from 'vitest'
import type { Particulars } from '../case/particulars.ts'
import { NOTHING_WRITTEN } from '../report/fields.ts'
import { correct } from './correction.ts'

const now = new Date('2026-11-28T03:00:00Z')
const said: Particulars = {
  ...NOTHING_WRITTEN,
  fullName: 'Nguyễn Thị Ánh',
  idKind: 'cccd',
  nationalId: '079190012345',
  contact: { kind: 'email', value: 'anh@example.vn' },
  place: 'Ngã tư Võ Thị Sáu',
  phoneNumbers: [],
}

describe('a correction', () => {
  test('changes the field that it names, and keeps what it said before', () => {
    const once = correct(said, { field: 'fullName', value: ' Nguyễn Thị  Ánh Nguyệt ' }, now)
    if (!once.ok) throw new Error(once.error)
    expect(once.value).toEqual({
      ...said,
      fullName: 'Nguyễn Thị Ánh Nguyệt',
      corrected: [{ field: 'fullName', before: 'Nguyễn Thị Ánh', at: now.toISOString() }],
    })
    const twice = correct(once.value, { field: 'address', value: '12 Võ Văn Tần' }, now)
    expect(twice.ok && twice.value.corrected?.map(({ field }) => field)).toEqual(['fullName', 'address'])
  })

  test('is refused where it says nothing, nothing new, or nothing that can be', () => {
    expect(correct(said, { field: 'fullName', value: said.fullName }, now)).toMatchObject({
      error: 'correction_same',
    })
    for (const [field, value] of [
      ['fullName', ''],
      ['nationalId', '123'],
      ['address', '   '],
      ['serialNumber', 'x'.repeat(41)],
    ] as const)
      expect(correct(said, { field, value }, now)).toMatchObject({ error: 'correction_invalid' })
  })
})
