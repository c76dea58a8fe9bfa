import { err, ok, type Result } from '#lib/result.ts'
import { addMilliseconds, DAY, HOUR, type Instant, localDate, UTC_OFFSET } from '#lib/time.ts'

/**
 * Holds what a person locks before anything else, in the order that saves most: the phone while it still has a network, the SIM to
 * which codes come, then the money.
 */
export const PROTECTIONS = ['phone', 'sim', 'money'] as const
export type Protection = (typeof PROTECTIONS)[number]

/** Reads what was ticked: the values of a form's boxes, or the one text in which a draft keeps them. */
export function readProtections(value: string | readonly string[] | undefined): readonly Protection[] {
  const given = typeof value === 'string' ? value.split(' ') : (value ?? [])
  return PROTECTIONS.filter((one) => given.includes(one))
}

/** Returns what is locked: by the person's own word, and the money also by the word of a bank or wallet that was told. */
export function securedBy(
  ticked: readonly Protection[],
  shared: readonly { readonly state: string; readonly outcome: string | null }[],
): readonly Protection[] {
  const isLocked = shared.some(({ state, outcome }) => state === 'answered' && outcome === 'locked')
  return PROTECTIONS.filter((one) => ticked.includes(one) || (one === 'money' && isLocked))
}

/** Apple's delay before its account's password can be changed on a stolen phone, where its owner has switched that on. */
export const APPLE_DELAY = HOUR

/** Returns when the first hour ends of a phone that was taken at a time of day, the last that was; null for a blank one. */
export function endOfFirstHour(typed: string, now: Instant): Result<Instant | null, 'format'> {
  const text = typed.trim()
  if (text === '') return ok(null)
  const [, hour, minute] = /^(\d{1,2})[:hg.](\d{2})$/i.exec(text) ?? []
  if (hour === undefined || Number(hour) > 23 || Number(minute) > 59) return err('format')
  const today = new Date(`${localDate(now)}T${hour.padStart(2, '0')}:${minute}:00${UTC_OFFSET}`)
  return ok(addMilliseconds(today, APPLE_DELAY - (today > now ? DAY : 0)))
}

/** Returns banks and wallets in the order in which their money is lost: a wallet pays small sums without a code. */
export const byLoss = <Of extends { readonly kind: 'bank' | 'wallet' }>(
  banks: readonly Of[],
): readonly Of[] => [
  ...banks.filter(({ kind }) => kind === 'wallet'),
  ...banks.filter(({ kind }) => kind === 'bank'),
]
