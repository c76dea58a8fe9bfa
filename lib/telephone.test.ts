import fc from 'fast-check'
import { expect, test } from 'vitest'
import { groupTelephone } from './telephone.ts'

test.each([
  ['1022', '1022'],
  ['113', '113'],
  ['1900545413', '1900 545413'],
  ['18001091', '1800 1091'],
  ['02838297643', '028 3829 7643'],
  ['+842837247247', '+84 28 3724 7247'],
  ['0912345678', '0912 345 678'],
  ['19009247', '1900 9247'],
  ['12345678901', '12345678901'],
])('%s is read out as %s', (number, said) => {
  expect(groupTelephone(number)).toBe(said)
})

test('grouping loses and adds no digit', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^\+?\d{3,13}$/), (number) => {
      expect(groupTelephone(number).replaceAll(' ', '')).toBe(number)
    }),
  )
})
