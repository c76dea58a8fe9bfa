import { DAY, HOUR, MINUTE } from '#lib/time.ts'

/** Returns how long something is, in the largest unit that still says enough. */
export function lengthIn(milliseconds: number): { unit: 'minutes' | 'hours' | 'days'; count: number } {
  if (milliseconds < HOUR) return { unit: 'minutes', count: Math.max(1, Math.floor(milliseconds / MINUTE)) }
  if (milliseconds < 2 * DAY) return { unit: 'hours', count: Math.floor(milliseconds / HOUR) }
  return { unit: 'days', count: Math.floor(milliseconds / DAY) }
}
