import { type StaffActor, unitsServed } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { DAY } from '#lib/time.ts'
import type { Post } from '../rules.ts'

/** Local days, `YYYY-MM-DD`, both included. */
export interface Days {
  readonly from: string
  readonly until: string
}

export type DaysFault = 'past' | 'backwards' | 'long'

export const lengthOf = ({ from, until }: Days): number => (Date.parse(until) - Date.parse(from)) / DAY + 1

/** Checks who may mark an account absent: police themselves, supervisors their units, and city police everybody in a unit. */
export function mayMarkAbsent(
  actor: StaffActor,
  account: Pick<Post, 'role' | 'unitId'> & { readonly id: string },
): boolean {
  if (!may(account.role, 'case:decide')) return false
  if (actor.id === account.id) return true
  if (!may(actor.role, 'unit:supervise') || account.unitId === null) return false
  return actor.role === 'city_police' || unitsServed(actor).includes(account.unitId)
}
