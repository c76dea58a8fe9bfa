import fc from 'fast-check'
import { expect, it } from 'vitest'
import { mask } from '../masking/rules.ts'
import { filterQuery, matches, NO_FILTER, readCommentFilter } from './rules.ts'

const looking = (words: string) => ({ ...NO_FILTER, words })

it('finds words in any order, with and without their marks', () => {
  const text = 'Phải chờ rất lâu ở quầy số 3.'
  for (const words of ['lâu chờ', 'CHO lau', 'quay', 'quầy số 3', ''])
    expect(matches(text, looking(words))).toBe(true)
  expect(matches(text, looking('chờ nhanh'))).toBe(false)
})

it('finds a theme by its words', () => {
  expect(matches('Phải chờ lâu.', { ...NO_FILTER, theme: 'time' })).toBe(true)
  expect(matches('Phải chờ lâu.', { ...NO_FILTER, theme: 'cost' })).toBe(false)
})

it('never finds what is masked, nor the words that stand for it', () => {
  const text = mask('Chị Nguyễn Thị Lan, 0912 345 678, hướng dẫn tốt.')
  for (const words of ['Lan', '0912', '678', 'Nguyễn', 'tên người', 'điện thoại'])
    expect(matches(text, looking(words))).toBe(false)
  expect(matches(text, looking('hướng dẫn'))).toBe(true)
})

it('reads any address, and gives the same one back', () => {
  fc.assert(
    fc.property(
      fc.record({ q: fc.string({ maxLength: 300 }), theme: fc.string(), month: fc.string() }),
      (sent) => {
        const filter = readCommentFilter(sent)
        expect(filter.words.length).toBeLessThanOrEqual(100)
        expect(readCommentFilter(filterQuery(filter))).toEqual(filter)
      },
    ),
  )
  expect(readCommentFilter({ q: [' a'], theme: 'time', month: '2026-11' })).toEqual({
    ...{ words: '', theme: 'time', month: '2026-11' },
  })
})
