/**
 * Lists the checks of readiness, in the order in which they are shown; each has its probe in
 * features/health/data.ts.
 */
export const CHECK_NAMES = [
  'database',
  'schema',
  'keys',
  'queue',
  'reference',
  'storage',
  'audit',
  'messages',
  'backup',
] as const
export type CheckName = (typeof CHECK_NAMES)[number]

/** Below both of these a disk is nearly full: a large one has room for days at a twentieth, a small one never has more. */
const LITTLE_BYTES = 1024 ** 3
const LITTLE_PART = 0.05

/** The room of a disk in bytes: what may still be written, of how much. */
interface Room {
  readonly free: number
  readonly size: number
}

/**
 * Returns what is about to stop where a disk has little room left, in words for an operator; null where there is
 * enough.
 */
export const diskSpaceFault = ({ free, size }: Room): string | null =>
  free < LITTLE_BYTES && free < size * LITTLE_PART
    ? `room for files: ${Math.floor(free / 1024 ** 2)} MB are left of ${Math.round(size / 1024 ** 2)} MB; at nothing they are refused`
    : null
