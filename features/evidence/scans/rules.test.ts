import { expect, test } from 'vitest'
import { closedBy } from './rules.ts'

test('what nobody has looked at is closed to police where files are looked at, and what is infected to everybody', () => {
  const all = [true, false].flatMap((staff) => [true, false].map((scanning) => ({ staff, scanning })))
  for (const reader of all) {
    expect(closedBy({ scan: 'infected' }, reader)).toBe('infected')
    expect(closedBy({ scan: 'clean' }, reader)).toBeNull()
    expect(closedBy({ scan: null }, reader)).toBe(reader.staff && reader.scanning ? 'checking' : null)
  }
})
