import '#server-only'
import type { Tally } from '#features/results/rules/distribution.ts'
import { monthOf } from '#features/results/rules/month.ts'
import type { Instant } from '#lib/time.ts'
import { transaction } from '#platform/db.ts'
import {
  keepKioskFigures,
  kioskFigures,
  kiosksWaiting,
  takeKioskAnswers,
} from '../repository/kiosk-figures.ts'
import type { FiguresKey } from '../repository/publication.ts'
import { closedWeek } from '../rules/kiosk.ts'
import { type Cell, countBatch, EMPTY_CELL, releaseKiosks } from '../rules/publication.ts'
import { examineWaiting } from './review.ts'

/**
 * Publishes what kiosks took in the weeks that are over, for each agency that has thirty answers which count. The others wait for
 * the next week. Returns at how many agencies figures moved.
 */
export async function publishKiosks(now: Instant): Promise<number> {
  const week = closedWeek(now)
  let moved = 0
  for (const key of await kiosksWaiting(week)) if (await publishWeek(key, week, now)) moved++
  return moved
}

const publishWeek = (key: FiguresKey, week: string, now: Instant): Promise<boolean> =>
  transaction(async (tx) => {
    await examineWaiting(tx, key, now)
    const given = await takeKioskAnswers(tx, key, week, monthOf(now))
    if (given.length === 0) return false
    const before = await kioskFigures(tx, key)
    const cells: Record<string, Cell> = {}
    const weeks: Record<string, Tally> = {}
    for (const [question, batch] of Object.entries(countBatch(given))) {
      const { cell, released } = releaseKiosks(before[question] ?? EMPTY_CELL, batch)
      cells[question] = cell
      if (released !== null) weeks[question] = released
    }
    await keepKioskFigures(tx, key, week, { cells, weeks })
    return true
  })
