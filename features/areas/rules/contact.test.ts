import fc from 'fast-check'
import { expect, test } from 'vitest'
import { groupTelephone, mapLink } from './contact.ts'

test('the way there is a link of https, and there is none to nowhere', () => {
  expect(mapLink({ name: 'Công an Quận 3' })).toBeNull()
  expect(mapLink({ name: 'A', address: '243 Hoàng Sa' })).toBe(
    'https://www.openstreetmap.org/search?query=243%20Ho%C3%A0ng%20Sa%2C%20Th%C3%A0nh%20ph%E1%BB%91%20H%E1%BB%93%20Ch%C3%AD%20Minh',
  )
  expect(mapLink({ name: 'A', address: 'B', mapUrl: 'https://example.vn/x' })).toBe('https://example.vn/x')
  expect(mapLink({ name: 'A', mapUrl: 'javascript:alert(1)' })).toBeNull()
})

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
