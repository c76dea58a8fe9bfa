import { isInWaitingPeriod, type WaitingAccount } from '#features/accounts/rules.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import type { Instant } from '#lib/time.ts'

export const isAtWork = (
  person: WaitingAccount & { readonly absentUntil: string | null },
  now: Instant,
): boolean => !isInWaitingPeriod(person, now) && person.absentUntil === null

export const MOST_SHARED = 50

/**
 * Assigns each case, in order, to the person with the fewest cases so far; of several, to the first listed. So nobody who is
 * given cases ends with two more than another who could have had them. A case that nobody may have is left out.
 */
export function shareOut(
  cases: readonly {
    readonly id: string
    /** The accounts that may not have it: the filer, and those who decided it before its appeal or review. */
    readonly notFor: readonly string[]
  }[],
  people: readonly {
    readonly id: string
    readonly open: number
  }[],
): readonly { readonly caseId: string; readonly to: string }[] {
  const open = new Map(people.map((person) => [person.id, person.open]))
  return cases.flatMap(({ id, notFor }) => {
    let to: string | null = null
    for (const [person, has] of open)
      if (!notFor.includes(person) && (to === null || has < (open.get(to) ?? 0))) to = person
    if (to === null) return []
    open.set(to, (open.get(to) ?? 0) + 1)
    return [{ caseId: id, to }]
  })
}

/** The periods that a board can show, in days up to today. */
export const PERIODS = [7, 30] as const
export type BoardPeriod = (typeof PERIODS)[number]

/**
 * Tells whose figures a person sees beside their own: every unit's, those of the unit that they supervise, or none (ADR
 * 78).
 */
export function supervises(reader: StaffActor): 'every' | 'own' | 'nobody' {
  if (!may(reader.role, 'unit:supervise')) return 'nobody'
  if (reader.role === 'city_police') return 'every'
  return reader.unitId === null ? 'nobody' : 'own'
}
