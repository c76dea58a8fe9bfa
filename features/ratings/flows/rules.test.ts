import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type AgencyDay, signsOfFlow, writtenFlow } from './rules.ts'

const quiet: AgencyDay = {
  answers: 12,
  networks: 11,
  web: { all: 12, equal: 4 },
  kiosks: { all: 0, equal: 0 },
  usual: 10,
}

describe('signsOfFlow', () => {
  it.each<[string, Partial<AgencyDay>, readonly string[]]>([
    ['a usual day', {}, []],
    ['sixty of one network', { answers: 62, networks: 3 }, ['few_networks', 'sudden']],
    ['nineteen of one network', { answers: 19, networks: 1 }, []],
    ['a family of three beside twenty others', { answers: 24, networks: 21 }, []],
    ['ten posters: many networks at once', { answers: 90, networks: 84 }, ['sudden']],
    ['forty that are alike', { answers: 40, networks: 40, web: { all: 40, equal: 34 } }, ['equal']],
    ['a kiosk by one hand', { kiosks: { all: 30, equal: 29 } }, ['kiosk_equal']],
    ['a contented kiosk', { kiosks: { all: 30, equal: 15 } }, []],
  ])('%s', (_, day, signs) => {
    expect(signsOfFlow({ ...quiet, ...day })).toEqual(signs)
  })

  it('tells no exact number of answers', () => {
    const day = fc.record({ answers: fc.nat(500), networks: fc.nat(500) })
    fc.assert(
      fc.property(day, (some) => {
        const told = writtenFlow({ ...quiet, ...some })
        expect(told.answers % 5).toBe(0)
        expect(told.networks % 5).toBe(0)
        expect(some.answers - told.answers).toBeLessThan(5)
        expect(told.networks - some.networks).toBeLessThan(5)
      }),
    )
  })
})
