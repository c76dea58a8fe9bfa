import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { processesFor, shareOf } from './web-processes.ts'

const GB = 1024 ** 3

describe('processesFor', () => {
  test.each([
    [{ cores: 1, memory: 64 * GB }, 1],
    [{ cores: 2, memory: 24 * GB }, 2],
    [{ cores: 2, memory: 3 * GB }, 2],
    [{ cores: 2, memory: 2.5 * GB }, 1],
    [{ cores: 4, memory: 0.5 * GB }, 1],
    [{ cores: 16, memory: 4 * GB }, 3],
    [{ cores: 64, memory: 256 * GB }, 64],
  ])('%j has %i', (machine, processes) => {
    expect(processesFor({}, machine)).toBe(processes)
  })

  test('a small machine, too, runs as many as are asked for', () => {
    expect(processesFor({ WEB_PROCESSES: 3 }, { cores: 1, memory: GB })).toBe(3)
  })

  test('a limit of connections bounds what is not asked for, and refuses what is', () => {
    const machine = { cores: 8, memory: 64 * GB }
    expect(processesFor({ DATABASE_CONNECTIONS: 12 }, machine)).toBe(2)
    expect(processesFor({ DATABASE_CONNECTIONS: 12, WEB_PROCESSES: 2 }, machine)).toBe(2)
    expect(() => processesFor({ DATABASE_CONNECTIONS: 12, WEB_PROCESSES: 3 }, machine)).toThrow(
      'DATABASE_CONNECTIONS: 12 are too few for 3 web processes, of which each needs 5',
    )
  })
})

describe('shareOf', () => {
  test('one process has ten connections for transactions, four beside them and one that listens', () => {
    expect(shareOf(undefined, 1)).toEqual({ pool: 10, outside: 4 })
  })

  test('all together keep to the limit, and each has what it cannot do without', () => {
    const limited = fc
      .integer({ min: 1, max: 256 })
      .chain((processes) =>
        fc.tuple(fc.constant(processes), fc.option(fc.integer({ min: 5 * processes, max: 5_000 }))),
      )
    fc.assert(
      fc.property(limited, ([processes, limit]) => {
        const { pool, outside } = shareOf(limit ?? undefined, processes)
        expect(pool).toBeGreaterThanOrEqual(3)
        expect(outside).toBeGreaterThanOrEqual(1)
        expect(processes * (pool + outside + 1)).toBeLessThanOrEqual(limit ?? 10 + 5 * processes)
      }),
    )
  })
})
