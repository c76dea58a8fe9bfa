import { isInWaitingPeriod, type WaitingAccount } from '#features/accounts/rules.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import type { Instant } from '#lib/time.ts'

/** Tells whether a person can be given cases now: not in their waiting period, and not absent. */
export const isAtWork = (
  person: WaitingAccount & { readonly absentUntil: string | null },
  now: Instant,
): boolean => !isInWaitingPeriod(person, now) && person.absentUntil === null

export const MOST_SHARED = 50

/**
 * Returns the person for each case, in the order of the cases: always the one with the fewest cases by then, the first
 * named of several. So a person who is given cases never ends with two more than another who could have had them. A
 * case that no person may have is left out.
 */
export function shareOut(
  cases: readonly {
    readonly id: string
    /** The accounts that it is not given to: who filed it, and who decided it before its appeal or review. */
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
