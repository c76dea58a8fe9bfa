import type { Instant } from './time.ts'
import { UUID } from './uuid.ts'

/** The last row of a page of a list; the next page begins after it. */
export interface Cursor {
  readonly at: Instant
  readonly id: string
}

// The previous release wrote other separators, and for some lists the day.
const WRITTEN = new RegExp(`^(\\d{1,15}|\\d{4}-\\d\\d-\\d\\d)[_.-](${UUID})$`)

/**
 * Reads a cursor from an address. Returns null, the beginning of the list, for anything that {@link writeCursor} did not write.
 */
export function readCursor(sent: unknown): Cursor | null {
  const [, written = '', id] = (typeof sent === 'string' && WRITTEN.exec(sent)) || []
  const at = new Date(/^\d+$/.test(written) ? Number(written) : written)
  return id === undefined || Number.isNaN(at.getTime()) ? null : { at, id }
}

export const writeCursor = ({ at, id }: Cursor): string => `${at.getTime()}_${id}`
