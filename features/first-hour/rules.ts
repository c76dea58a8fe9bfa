import { err, ok, type Result } from '#lib/result.ts'
import { addMilliseconds, DAY, HOUR, type Instant, localDate, UTC_OFFSET } from '#lib/time.ts'

/**
 * The things to lock first, in the order that saves most: the phone while it still has a network, the SIM that receives
 * codes, then the money.
 */
export const PROTECTIONS = ['phone', 'sim', 'money'] as const
export type Protection = (typeof PROTECTIONS)[number]

/** Parses the ticked boxes: the form's values, or the single text in which a draft stores them. */
export function readProtections(value: string | readonly string[] | undefined): readonly Protection[] {
  const given = typeof value === 'string' ? value.split(' ') : (value ?? [])
  return PROTECTIONS.filter((one) => given.includes(one))
}

/** Returns what is locked: what the person ticked, and the money also when an informed bank or wallet confirms it. */
export function securedBy(
  ticked: readonly Protection[],
  shared: readonly { readonly state: string; readonly outcome: string | null }[],
): readonly Protection[] {
  const isLocked = shared.some(({ state, outcome }) => state === 'answered' && outcome === 'locked')
  return PROTECTIONS.filter((one) => ticked.includes(one) || (one === 'money' && isLocked))
}

/** Apple's delay before the account's password can be changed on a stolen phone, if the owner has switched it on. */
export const APPLE_DELAY = HOUR

/** Returns the end of the first hour after a theft at a time of day, taken as its latest occurrence; null for a blank time. */
export function endOfFirstHour(typed: string, now: Instant): Result<Instant | null, 'format'> {
  const text = typed.trim()
  if (text === '') return ok(null)
  const [, hour, minute] = /^(\d{1,2})[:hg.](\d{2})$/i.exec(text) ?? []
  if (hour === undefined || Number(hour) > 23 || Number(minute) > 59) return err('format')
  const today = new Date(`${localDate(now)}T${hour.padStart(2, '0')}:${minute}:00${UTC_OFFSET}`)
  return ok(addMilliseconds(today, APPLE_DELAY - (today > now ? DAY : 0)))
}

/** Sorts banks and wallets by how soon money is lost: a wallet pays small sums without a code. */
export const byLoss = <Of extends { readonly kind: 'bank' | 'wallet' }>(
  banks: readonly Of[],
): readonly Of[] => [
  ...banks.filter(({ kind }) => kind === 'wallet'),
  ...banks.filter(({ kind }) => kind === 'bank'),
]
