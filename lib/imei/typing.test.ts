import fc from 'fast-check'
import { expect, it } from 'vitest'
import { runs } from '#tests/runs.ts'
import { parseImei } from './imei.ts'
import { readTyping } from './typing.ts'

it.each([
  ['', 0, 'empty', null],
  ['35-298', 5, 'typing', '35 298'],
  ['35298706581662', 14, 'right14', '35 298706 581662'],
  ['35-298706-581662/3', 15, 'right', '35 298706 581662 3'],
  ['352987065816624', 15, 'check_digit', '35 298706 581662 4'],
  ['35298706581662O', 14, 'letters', null],
  ['35298706581662345', 17, 'length', '35 298706 581662 345'],
])('%s: %i digits, %s', (text, count, state, grouped) => {
  expect(readTyping(text)).toEqual({ count, state, grouped })
})

it('never calls right what the server refuses, and grouping changes no number', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9 ./-]{0,20}$/)), (text) => {
      const { state, grouped } = readTyping(text)
      if (state === 'right' || state === 'right14') expect(parseImei(text).ok).toBe(true)
      if (grouped !== null) expect(parseImei(grouped)).toEqual(parseImei(text))
    }),
    { numRuns: runs(1000) },
  )
})
