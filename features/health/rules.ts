/** The readiness checks in display order; features/health/data.ts has their probes. */
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

/**
 * A disk is nearly full only below both limits: a large one has room for days at a twentieth, a small one never has more than
 * this.
 */
const LITTLE_BYTES = 1024 ** 3
const LITTLE_PART = 0.05

/** In bytes. */
/** Returns a warning for an operator if a disk has little room left, or null. */
export const diskSpaceFault = ({ free, size }: Readonly<Record<'free' | 'size', number>>): string | null =>
  free < LITTLE_BYTES && free < size * LITTLE_PART
    ? `room for files: ${Math.floor(free / 1024 ** 2)} MB are left of ${Math.round(size / 1024 ** 2)} MB; at nothing they are refused`
    : null
