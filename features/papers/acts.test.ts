import { readdirSync, readFileSync } from 'node:fs'
import { constants, getPriority } from 'node:os'
import { describe, expect, test } from 'vitest'
import type { PersonalDataProps } from '#features/privacy/paper/personal-data.ts'
import { full } from '#tests/runs.ts'
import { type DrawPaper, type Paper, withPaper } from './acts.ts'

const rows = (count: number) =>
  Array.from({ length: count }, (_, at) => [`26/11/2026 09:${at}`, 'Công an Quận 3 đã mở giấy tờ'] as const)

const paper = (count: number): Paper => ({
  kind: 'personal_data',
  props: {
    language: 'vi',
    words: {
      title: 'Dữ liệu',
      subtitle: '',
      none: '',
      foot: 'An Tâm',
      sections: [{ title: 'Ai đã xem', rows: rows(count) }],
    },
  } satisfies PersonalDataProps,
})

const owner = (name: string, address = name) => ({ owner: name, address })
const drawn = (of: Paper) => (draw: DrawPaper) => draw(of)
const isPdf = (bytes: Uint8Array) => Buffer.from(bytes.subarray(0, 5)).toString() === '%PDF-'

/** Returns the peak memory of each drawing process of this process, in MB. */
const drawers = (): number[] => drawing().map(({ memory }) => memory)

interface Drawing {
  readonly memory: number
  /** The priority of each of its threads. */
  readonly priorities: readonly number[]
}

function drawing(): Drawing[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((pid) => {
      try {
        const status = readFileSync(`/proc/${pid}/status`, 'utf8')
        const isChild = status.includes(`\nPPid:\t${process.pid}\n`)
        const draws = readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('features/papers/drawing.ts')
        if (!isChild || !draws) return []
        const priorities = readdirSync(`/proc/${pid}/task`).map((thread) => getPriority(Number(thread)))
        return [{ memory: Number(/VmHWM:\s*(\d+)/.exec(status)?.[1]) / 1024, priorities }]
      } catch {
        // The process ended in the meantime.
        return []
      }
    })
}

describe('papers', () => {
  test('are drawn in processes of their own, at most two at once', async () => {
    let most = 0
    const looking = setInterval(() => {
      most = Math.max(most, drawers().length)
    }, 20)
    const papers = await Promise.all(
      ['a', 'b', 'c', 'd', 'e'].map((name) => withPaper(owner(name), drawn(paper(20)))),
    )
    clearInterval(looking)
    expect(papers.every(isPdf)).toBe(true)
    if (process.platform === 'linux') expect(most).toBeOneOf([1, 2])
  })

  test.runIf(process.platform === 'linux')('come after what this process does, in each thread', async () => {
    await withPaper(owner('priority'), drawn(paper(1)))
    const [one] = drawing()
    expect(one?.priorities.length).toBeGreaterThan(1)
    const lower = Math.min(getPriority() + 10, constants.priority.PRIORITY_LOW)
    expect(new Set(one?.priorities)).toEqual(new Set([lower]))
  })

  test('of twelve at once for one case two are drawn, and the others may come again', async () => {
    const asked = Array.from({ length: 12 }, () => withPaper(owner('case'), drawn(paper(20))))
    const answers = await Promise.allSettled(asked)
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(2)
    for (const answer of answers)
      if (answer.status === 'rejected')
        expect(answer.reason).toMatchObject({ name: 'Overloaded', retryAfterSeconds: 10 })
    expect(isPdf(await withPaper(owner('case'), drawn(paper(1))))).toBe(true)
  })

  test('nothing is read or recorded for a paper without a place', async () => {
    let read = 0
    const work = async (draw: DrawPaper) => {
      read++
      return draw(paper(1))
    }
    await Promise.allSettled(Array.from({ length: 12 }, () => withPaper(owner('one'), work)))
    expect(read).toBe(2)
  })

  test('one address has half of the places, and all have twelve', async () => {
    const hold = (name: string, address: string) => {
      const { promise, resolve } = Promise.withResolvers<void>()
      return { release: resolve, ended: withPaper(owner(name, address), () => promise) }
    }
    const first = Array.from({ length: 6 }, (_, at) => hold(`case ${at}`, 'here'))
    await expect(withPaper(owner('case 7', 'here'), async () => 1)).rejects.toThrow()
    const others = Array.from({ length: 6 }, (_, at) => hold(`other ${at}`, `there ${at}`))
    await expect(withPaper(owner('last', 'elsewhere'), async () => 1)).rejects.toThrow()
    for (const one of [...first, ...others]) one.release()
    await Promise.all([...first, ...others].map(({ ended }) => ended))
    expect(await withPaper(owner('last', 'elsewhere'), async () => 1)).toBe(1)
  })

  test('one that fails gives its place back', async () => {
    const broken = { kind: 'poster', props: {} } as unknown as Paper
    for (let tries = 0; tries < 3; tries++)
      await expect(withPaper(owner('broken'), drawn(broken))).rejects.toThrow(/TypeError/)
    expect(isPdf(await withPaper(owner('broken'), drawn(paper(1))))).toBe(true)
  })

  test.runIf(full && process.platform === 'linux')(
    'the longest takes less than 512 MB',
    async () => {
      // The most entries that an export contains (privacy/export/acts.ts).
      let most = 0
      const looking = setInterval(() => {
        most = Math.max(most, ...drawers())
      }, 50)
      expect(isPdf(await withPaper(owner('long'), drawn(paper(1_000))))).toBe(true)
      clearInterval(looking)
      expect(most).toBeGreaterThan(50)
      expect(most).toBeLessThan(512)
    },
    120_000,
  )
})
