import { describe, expect, test } from 'vitest'
import { mayAskForCode } from './rules.ts'

const MANY = 1_000_000

describe('mayAskForCode', () => {
  test('a network asks three times an hour for a contact', () => {
    const asked = (network: number) => mayAskForCode({ all: network, network, own: null }, 1)
    expect([0, 1, 2, 3].map(asked)).toEqual([true, true, true, false])
  })

  test('strangers, however many, leave each network its first code', () => {
    expect(mayAskForCode({ all: MANY, network: 0, own: null }, 1)).toBe(true)
    expect(mayAskForCode({ all: MANY, network: 1, own: null }, 1)).toBe(false)
  })

  test('a draft has its first code, also where others of its network have used up theirs', () => {
    expect(mayAskForCode({ all: MANY, network: 0, own: 0 }, 1)).toBe(true)
    expect(mayAskForCode({ all: 3, network: 3, own: 0 }, 1)).toBe(true)
    expect(mayAskForCode({ all: 3, network: 3, own: 1 }, 1)).toBe(false)
  })

  test('one network cannot send a contact more than ten first codes an hour', () => {
    expect(mayAskForCode({ all: 9, network: 9, own: 0 }, 1)).toBe(true)
    expect(mayAskForCode({ all: 10, network: 10, own: 0 }, 1)).toBe(false)
  })

  test('a scale multiplies each limit and leaves at least one', () => {
    expect(mayAskForCode({ all: 11, network: 5, own: 5 }, 2)).toBe(true)
    expect(mayAskForCode({ all: 1, network: 1, own: null }, 0.1)).toBe(false)
    expect(mayAskForCode({ all: 0, network: 0, own: 0 }, 0.1)).toBe(true)
  })
})
