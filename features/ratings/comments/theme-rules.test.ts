import fc from 'fast-check'
import { expect, it } from 'vitest'
import { themesOf, wholeTens } from './rules.ts'

it('finds themes by whole words, with their marks or, in a text without any, without', () => {
  expect(themesOf('Cán bộ nhiệt tình nhưng phải CHỜ  LÂU')).toEqual(['time', 'attitude'])
  expect(themesOf('Thai do khong tot, phai bo sung giay to nhieu lan')).toEqual(['attitude', 'paperwork'])
  // `nóng` as typed by a decomposing keyboard; `tiện` is not `tiền`, nor is `tien` alone.
  expect(themesOf('Phòng nóng quá'.normalize('NFD'))).toEqual(['place'])
  expect(themesOf('Rất tiện')).toEqual([])
  expect(themesOf('rat tien')).toEqual([])
  expect(themesOf('')).toEqual([])
})

it('tells counts in whole tens, and never more than there are', () => {
  fc.assert(
    fc.property(fc.nat(100_000), (count) => {
      const told = wholeTens(count)
      expect(told % 10).toBe(0)
      expect(told <= count && count - told < 10).toBe(true)
    }),
  )
})
