import { describe, expect, test } from 'vitest'
import { DELIVERY_WAYS, effectsOf, type WayStanding } from './rules.ts'

const standing = (over: Partial<WayStanding> = {}): WayStanding => ({
  ...{ pending: 0, lettered: 0, notHanded: 0, unanswered: 0, keys: 0, keyUsedAt: null },
  ...over,
})

describe('what a change of the way does to what is under way', () => {
  test('is nothing where the way stays, or nothing is under way', () => {
    for (const way of DELIVERY_WAYS)
      expect(effectsOf(way, way, standing({ pending: 9, keys: 2 }))).toEqual([])
    for (const from of DELIVERY_WAYS)
      for (const to of DELIVERY_WAYS) expect(effectsOf(from, to, standing())).toEqual([])
  })

  test('to letters: keys open nothing, what was not acknowledged is printed, results of what was are still taken', () => {
    const busy = standing({ pending: 3, unanswered: 2, keys: 1 })
    for (const from of ['pull', 'push'] as const)
      expect(effectsOf(from, 'letter', busy)).toEqual(['keys_rest', 'again_on_paper', 'results_stay'])
  })

  test('from letters: what stands in letters is read again, and letters not handed over are void', () => {
    const busy = standing({ pending: 5, lettered: 5, notHanded: 1 })
    expect(effectsOf('letter', 'pull', busy)).toEqual(['again_by_interface', 'letters_void'])
    expect(effectsOf('letter', 'push', standing({ pending: 5, lettered: 2 }))).toEqual([
      'again_by_interface',
      'go_on',
    ])
  })

  test('between pull and push: what is left goes on', () => {
    expect(effectsOf('pull', 'push', standing({ pending: 1, keys: 1 }))).toEqual(['go_on'])
  })
})
