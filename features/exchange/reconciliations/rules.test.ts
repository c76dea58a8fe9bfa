import { expect, it } from 'vitest'
import { fullImei, imeiColumn, readListed } from './rules.ts'

it.each([
  ['35678910123456', '35678910123456'],
  ['356789101234563', '35678910123456'],
  // The spare digit of networks, then the software version of an IMEISV.
  ['356789101234560', '35678910123456'],
  ['3567891012345601', '35678910123456'],
  ['35-678910-123456-3', '35678910123456'],
  ['="356789101234563"', '35678910123456'],
  ["'356789101234563", '35678910123456'],
  ['3.56789E+14', null],
  ['3567891012345', null],
  ['35678910123456012', null],
  ['', null],
  ['robbed', null],
])('%j is %s', (cell, key) => {
  expect(readListed(cell)).toBe(key)
})

it.each([
  [['imei', 'block_date'], { at: 0, headed: true }],
  [['date', ' Số IMEI '], { at: 1, headed: true }],
  [['356789101234563', '20261124'], { at: 0, headed: false }],
  [[], { at: 0, headed: false }],
])('%j has its IMEIs in %j', (row, column) => {
  expect(imeiColumn(row)).toEqual(column)
})

it('a phone is shown with its check digit', () => {
  expect(fullImei('35678910123456')).toBe('356789101234563')
})
