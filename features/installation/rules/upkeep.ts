import { HOUR, type Instant } from '#lib/time.ts'

/** The tasks that an operator has to do for the installation. The last successful run of each is remembered. */
export const UPKEEP = ['backup', 'drill', 'restore'] as const
export type UpkeepKind = (typeof UPKEEP)[number]

/** Hours for which a backup counts as new where no setting says otherwise: one night may fail and be noticed by day. */
const BACKUP_HOURS = 36

/**
 * Returns what is wrong with the last whole backup, in words for an operator; null where nothing is. An installation
 * that never made one and expects none (`maxHours` undefined) is told nothing, since it is copied in another way.
 *
 * @param madeAt when the last whole backup was made; null where there never was one
 * @param maxHours the greatest age that is allowed, where that is set
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
