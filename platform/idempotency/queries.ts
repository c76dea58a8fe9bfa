import '#server-only'
import { db } from '../db.ts'

/** Returns the answers that acts of one name gave under some keys, as long as they are kept (a week). */
export const outcomesOf = (keys: readonly string[], act: string) =>
  db.submission.findMany({ where: { key: { in: [...keys] }, act }, select: { key: true, outcome: true } })
