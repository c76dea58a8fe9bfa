import { HOUR, type Instant } from '#lib/time.ts'

/** The things that an operator owes the installation, and what is remembered of the last time each was done well. */
export const UPKEEP = ['backup', 'drill', 'restore'] as const
export type UpkeepKind = (typeof UPKEEP)[number]

/** For so many hours a backup counts as new where the installation says nothing: a night may fail, and be seen by day. */
const BACKUP_HOURS = 36

/**
 * Returns what is wrong with the last whole backup, in words for the person who runs the product; null where nothing is.
 * An installation that never made one and expects none (`maxHours` undefined) is told nothing: something else copies it.
 *
 * @param madeAt when the last whole one was made; null: never
 * @param maxHours how old it may be, where that is set
 */
export function backupFault(
  madeAt: Instant | null,
  maxHours: number | undefined,
  now: Instant,
): string | null {
  const again = 'npm run backup'
  if (madeAt === null) return maxHours === undefined ? null : `no whole one was ever made (${again})`
  const hours = (now.getTime() - madeAt.getTime()) / HOUR
  if (hours <= (maxHours ?? BACKUP_HOURS)) return null
  return `the last whole one was made ${Math.floor(hours)} hours ago (${again})`
}
