import { expect, test } from 'vitest'
import first from '#cities/hcm/areas-2016.json' with { type: 'json' }
import second from '#cities/hcm/areas-2025.json' with { type: 'json' }
import city from '#cities/hcm/city.json' with { type: 'json' }
import { mapLink } from './rules.ts'

test('what is told of a unit has its source and the day on which it was looked up', () => {
  for (const unit of [city.unit, ...first.units, ...second.units]) {
    const { address, phone, hours_vi, hours_en, latitude, longitude, source, checked_on } = unit
    const facts = [address, phone, hours_vi, hours_en, latitude, longitude]
    if (facts.some((fact) => fact !== null))
      expect([source, checked_on]).toEqual([
        expect.stringMatching(/^https:/),
        expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
      ])
  }
})

test('the way there is a link of https, and there is none to nowhere', () => {
  expect(mapLink({ name: 'Công an Quận 3' })).toBeNull()
  expect(mapLink({ name: 'A', address: '243 Hoàng Sa' })).toBe(
    'https://www.openstreetmap.org/search?query=243%20Ho%C3%A0ng%20Sa%2C%20Th%C3%A0nh%20ph%E1%BB%91%20H%E1%BB%93%20Ch%C3%AD%20Minh',
  )
  expect(mapLink({ name: 'A', address: 'B', mapUrl: 'https://example.vn/x' })).toBe('https://example.vn/x')
  expect(mapLink({ name: 'A', mapUrl: 'javascript:alert(1)' })).toBeNull()
})
