import '#server-only'
import { may } from '#domain/access/roles.ts'
import { err, ok, type Result } from '#domain/result.ts'
import { type Instant, localDate } from '#domain/time.ts'
import { audit } from '#server/audit/commands.ts'
import { transact } from '#server/submissions/commands.ts'
import { builtUpon, changes, lockOpened, undoChange } from '../repository/catalogue.ts'
import type { Operator } from './reorganise.ts'

export type WithdrawalRefusal =
  | { readonly kind: 'forbidden' | 'gone' | 'in_force' }
  /** Agencies that the change opened and that have been answered, or changed, since. */
  | { readonly kind: 'answered' | 'changed'; readonly names: readonly string[] }

/**
 * Takes a change back as if it had not been: before its day, and an edition also after it, as long as nothing has
 * been answered under it and nothing was built upon it.
 */
export async function withdrawChange(
  operator: Operator,
  changeId: string,
  now: Instant,
): Promise<Result<null, WithdrawalRefusal>> {
  if (operator.kind === 'staff' && !may(operator.role, 'survey:manage')) return err({ kind: 'forbidden' })
  return transact<null, WithdrawalRefusal>(async (tx) => {
    await lockOpened(tx, changeId)
    const [change] = await changes({ id: changeId })
    if (change === undefined) return err({ kind: 'gone' })
    if (change.edition === null && change.on <= localDate(now)) return err({ kind: 'in_force' })
    const { answered, changed } = await builtUpon(tx, changeId)
    if (answered.length > 0) return err({ kind: 'answered', names: answered })
    if (changed.length > 0) return err({ kind: 'changed', names: changed })
    await undoChange(tx, changeId)
    await audit(tx, {
      actor: operator,
      act: 'catalogue.withdraw',
      subject: { kind: 'catalogue', id: changeId },
      facts: { change: change.kind, on: change.on, edition: change.edition },
      at: now,
    })
    return ok(null)
  })
}
