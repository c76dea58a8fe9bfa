import { expect, test } from 'vitest'
import first from '../../../prisma/seed/areas-2016.json' with { type: 'json' }
import second from '../../../prisma/seed/areas-2025.json' with { type: 'json' }
import city from '../../../prisma/seed/city-unit.json' with { type: 'json' }

test('what is told of a unit has its source and the day on which it was looked up', () => {
  for (const unit of [city, ...first.units, ...second.units]) {
    const { address, phone, hours_vi, hours_en, latitude, longitude, source, checked_on } = unit
    const facts = [address, phone, hours_vi, hours_en, latitude, longitude]
    if (facts.some((fact) => fact !== null))
      expect([source, checked_on]).toEqual([
        expect.stringMatching(/^https:/),
        expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
      ])
  }
})
