import '#server-only'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { systemScope } from '#lib/access/scope.ts'
import { type ImeiFault, parseImei } from '#lib/imei/imei.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { inScope } from '#platform/scope.ts'
import { find } from '../data.ts'
import type { ObjectionRefusal } from '../rules/lifecycle.ts'
import { objectionNumbers } from '../rules/number.ts'
import { moveObjection } from './move.ts'

export interface Inspection {
  readonly number: string
  /** The number that the phone's own screen shows. */
  readonly imei: string
  readonly reason: string
  readonly submitKey: string
}

export type InspectionRefusal = ObjectionRefusal | 'not_found' | { readonly imei: ImeiFault }

/**
 * Records that a phone was shown at a police post of any district: its holder does not know which one blocks it, and need not. The
 * officer types what the screen shows, and sees nothing of the objection but whether that is its phone.
 */
export async function inspectPhone(
  actor: StaffActor,
  input: Inspection,
  now: Instant,
): Promise<Result<'same' | 'differs', InspectionRefusal>> {
  if (!may(actor.role, 'case:decide')) return err('forbidden')
  const number = objectionNumbers.parse(input.number)
  if (!number.ok) return err('not_found')
  const seen = parseImei(input.imei)
  if (!seen.ok) return err({ imei: seen.error })
  return inScope(systemScope(), () =>
    actOnce<'same' | 'differs', InspectionRefusal>(
      input.submitKey,
      `objection.inspect:${actor.id}`,
      now,
      async (tx) => {
        const o = await find(systemScope(), { number: number.value }, tx)
        if (!o) return err('not_found')
        const reasonCode = seen.value.key === o.imei.slice(0, 14) ? 'same' : 'differs'
        const text = input.reason.trim()
        const moved = await moveObjection(tx, o, actor, { move: 'inspect', reasonCode, text }, now)
        return moved.ok ? ok(reasonCode) : moved
      },
    ),
  )
}
