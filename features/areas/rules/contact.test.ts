import { expect, test } from 'vitest'
import { mapLink } from './contact.ts'

test('the way there is a link of https, and there is none to nowhere', () => {
  expect(mapLink({ name: 'Công an Quận 3' })).toBeNull()
  expect(mapLink({ name: 'A', address: '243 Hoàng Sa' })).toBe(
    'https://www.openstreetmap.org/search?query=243%20Ho%C3%A0ng%20Sa%2C%20Th%C3%A0nh%20ph%E1%BB%91%20H%E1%BB%93%20Ch%C3%AD%20Minh',
  )
  expect(mapLink({ name: 'A', address: 'B', mapUrl: 'https://example.vn/x' })).toBe('https://example.vn/x')
  expect(mapLink({ name: 'A', mapUrl: 'javascript:alert(1)' })).toBeNull()
})
