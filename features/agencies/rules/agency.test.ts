import { expect, test } from 'vitest'
import { type AgencyKind, placesOf } from './agency.ts'

test.each<[readonly AgencyKind[], string]>([
  [['district', 'rural_district', 'department'], 'districts'],
  [['ward', 'department'], 'wards'],
  [['commune'], 'wards'],
  [['special_zone', 'ward'], 'wards'],
  [['ward', 'rural_district'], 'both'],
  [['department'], 'districts'],
  [[], 'districts'],
])('agencies of the kinds %j are called %s', (kinds, places) => {
  expect(placesOf(kinds)).toBe(places)
})
