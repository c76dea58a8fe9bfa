import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { NOTHING_WRITTEN, OPEN_TEXTS } from '#features/reporting/fields/rules.ts'
import { exported, HELD, masked, namedIn, opened, PARTICULARS, type Particulars } from './rules.ts'

const known: Particulars = {
  ...NOTHING_WRITTEN,
  fullName: 'Nguyễn Thị Lan',
  idKind: 'cccd',
  nationalId: '079199012345',
  contact: { kind: 'email', value: 'lan@example.vn' },
  address: '12 Võ Văn Tần',
  place: 'Trước chợ Bàn Cờ',
  story: 'Hai người đi xe máy.',
  serialNumber: 'R58M123ABC',
  phoneNumbers: ['+84901234567'],
  corrected: [
    { field: 'address', before: '1 Lê Lợi', at: '2026-11-24T00:00:00Z' },
    { field: 'nationalId', before: '079199099999', at: '2026-11-24T00:00:00Z' },
    { field: 'place', before: 'Chợ Bến Thành', at: '2026-11-24T00:00:00Z' },
  ],
}

test('before it is opened a file says whose it is and what happened, and not how to find its person', () => {
  expect(masked(known)).toEqual({
    ...known,
    nationalId: '••• ••• •• 2345',
    contact: { kind: 'email', value: 'l•••@e•••.vn' },
    address: '•••',
    phoneNumbers: ['•••• ••• 567'],
    corrected: [
      { ...known.corrected?.[0], before: '•••' },
      { ...known.corrected?.[1], before: '••• ••• •• 9999' },
      known.corrected?.[2],
    ],
  })
})

test('a particular that nobody has decided of is shown to nobody', () => {
  const more = { ...known, religion: 'Phật giáo' }
  expect(JSON.stringify([masked(more), exported(more)])).not.toContain('Phật giáo')
  expect(exported(more)).toEqual(known)
})

test('what was sealed before a field came is opened with it blank', () => {
  const { serialNumber: _, ...old } = known
  expect(opened(old as Particulars)).toEqual({ ...known, serialNumber: '' })
})

test('the processing register and the description of the export name everything that is held, in columns too', () => {
  const row = (file: string, begins: string) =>
    readFileSync(`docs/${file}`, 'utf8')
      .split('\n')
      .find((line) => line.startsWith(begins)) ?? ''
  const register = row('processing-register.md', '| verify that a reported phone is the reporter')
  for (const [of, held] of [
    ['`person`', PARTICULARS],
    ['`phone`', Object.fromEntries(OPEN_TEXTS.map((name) => [name, HELD[name]]))],
  ] as const)
    for (const { register: named } of Object.values(held))
      if (named !== null)
        for (const text of [register, row('personal-data.md', `| ${of} |`)]) expect(text).toContain(named)
})

test('the privacy notice names each once, under one heading', () => {
  const named = [...namedIn('person'), ...namedIn('incident'), ...namedIn('phone')]
  expect(named).toEqual(
    expect.arrayContaining(['fullName', 'nationalId', 'contact', 'story', 'phoneNumbers', ...OPEN_TEXTS]),
  )
  expect(new Set(named).size).toBe(named.length)
})
