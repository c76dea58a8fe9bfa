import { describe, expect, it } from 'vitest'
import { householdOf, networkOf } from './network.ts'

describe('networkOf', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['203.0.113.7:5080', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['::FFFF:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::6', '2001:db8:1:2::/64'],
    ['[2001:db8:1:2::6]:443', '2001:db8:1:2::/64'],
    ['[2001:db8:1:2::6]', '2001:db8:1:2::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['2001:db8::', '2001:db8:0:0::/64'],
  ])('counts %s as %s', (address, network) => {
    expect(networkOf(address)).toBe(network)
  })

  it.each(['', 'unknown', 'example.vn', '203.0.113', '::1]@evil', '1:2:3', '203.0.113.7, 203.0.113.8'])(
    'counts %j together with all else that is no address',
    (address) => {
      expect(networkOf(address)).toBe('unknown')
    },
  )

  it('tells two neighbours of one IPv6 network apart from a stranger', () => {
    expect(networkOf('2001:db8:1:2::a')).toBe(networkOf('2001:db8:1:2:ffff::b'))
    expect(networkOf('2001:db8:1:3::a')).not.toBe(networkOf('2001:db8:1:2::a'))
  })
})

describe('householdOf', () => {
  it('is one for all 256 parts of a /56, and another for the next one', () => {
    const parts = Array.from({ length: 256 }, (_, n) =>
      networkOf(`2001:db8:1:ab${n.toString(16).padStart(2, '0')}::9`),
    )
    expect(new Set(parts).size).toBe(256)
    expect(new Set(parts.map(householdOf))).toEqual(new Set(['2001:db8:1:ab00::/56']))
    expect(householdOf(networkOf('2001:db8:1:ac00::1'))).toBe('2001:db8:1:ac00::/56')
    expect(householdOf(networkOf('2001:db8::1'))).toBe('2001:db8:0:0::/56')
  })

  it.each(['203.0.113.7', 'unknown'])('leaves %s as it is', (network) => {
    expect(householdOf(network)).toBe(network)
  })
})
