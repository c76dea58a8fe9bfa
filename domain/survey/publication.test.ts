import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Agency } from './agency.ts'
import { add, type Counts, topTwo, total } from './distribution.ts'
import { type Cell, countBatch, EMPTY_CELL, missing, release, standingOf } from './publication.ts'
import { cityResults } from './results.ts'

const CODES = ['1', '2', '3', '4', '5', 'na'] as const
/** Ten answers, of which some have not answered the question. */
const batch = fc
  .array(fc.option(fc.constantFrom(...CODES)), { minLength: 10, maxLength: 10 })
  .map((given) => countBatch(given.map((code) => (code === null ? {} : { q: code }))).q ?? {})

const less = (a: Counts, b: Counts): number => total(a) - total(b)

describe('a question at one agency', () => {
  test('becomes public from ten answers on and then moves by ten or more, and no answer is lost', () => {
    fc.assert(
      fc.property(fc.array(batch, { maxLength: 30 }), fc.boolean(), (batches, sensitive) => {
        let cell: Cell = EMPTY_CELL
        let all: Counts = {}
        for (const one of batches) {
          const before = cell
          cell = release(cell, one, sensitive ? 'sensitive' : 'satisfaction')
          all = add(all, one)
          const moved = less(cell.published, before.published)
          expect(moved === 0 || moved >= 10).toBe(true)
          const shown = total(cell.published)
          expect(shown === 0 || shown >= (sensitive ? 30 : 10)).toBe(true)
          expect(add(cell.published, cell.held)).toEqual(all)
        }
      }),
    )
  })
})

const agencies: Agency[] = ['a', 'b', 'c', 'd'].map((id, at) => ({
  id,
  nameVi: id,
  nameEn: id,
  kind: at < 2 ? 'district' : 'department',
  abbreviation: null,
}))

describe('subtraction', () => {
  test('what is taken from a total, at one time or between two, is never one to nine answers', () => {
    const day = fc.record({ agency: fc.nat({ max: 3 }), batch })
    fc.assert(
      fc.property(fc.array(day, { maxLength: 25 }), (days) => {
        const cells = new Map<string, Cell>(agencies.map(({ id }) => [id, EMPTY_CELL]))
        const looks = days.map(({ agency, batch }) => {
          const id = agencies[agency]?.id ?? ''
          cells.set(id, release(cells.get(id) ?? EMPTY_CELL, batch, 'satisfaction'))
          return cityResults(agencies, new Map([...cells].map(([key, cell]) => [key, cell.published])))
        })
        for (const [at, look] of looks.entries()) {
          const published = look.agencies.map(({ responses }) => responses)
          expect(look.city.responses).toBe(published.reduce((sum, one) => sum + one, 0))
          expect(look.groups.districts.responses + look.groups.departments.responses).toBe(
            look.city.responses,
          )
          // Every set of published agencies taken from the total leaves nothing, or ten and more.
          for (let set = 0; set < 16; set++) {
            const left = published.reduce(
              (rest, one, n) => ((set >> n) & 1 ? rest - one : rest),
              look.city.responses,
            )
            expect(left === 0 || left >= 10).toBe(true)
          }
          const before = looks[at - 1]
          const moved = look.city.responses - (before?.city.responses ?? 0)
          expect(moved === 0 || moved >= 10).toBe(true)
        }
      }),
      { numRuns: 60 },
    )
  })
})

test('the share is of the top two, without those it did not apply to', () => {
  const share = topTwo({ '1': 2, '3': 2, '4': 5, '5': 11, na: 7 })
  expect(share).toMatchObject({ base: 20, satisfied: 0.8 })
  // Worked out by hand from Wilson's formula with n = 20, p = 0.8, z = 1.96.
  expect(share?.low).toBeCloseTo(0.584, 3)
  expect(share?.high).toBeCloseTo(0.9193, 3)
  expect(topTwo({ '4': 9, na: 30 })).toBeNull()
})

test('standings and what is missing follow the public count alone', () => {
  expect([0, 9, 10, 29, 30].map(standingOf)).toEqual(['suppressed', 'suppressed', 'few', 'few', 'full'])
  expect([0, 10, 20, 30, 500].map(missing)).toEqual([10, 20, 10, 0, 0])
})
