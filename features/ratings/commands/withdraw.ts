import '#server-only'
import { randomUUID } from 'node:crypto'
import type { Operator } from '#features/agencies/commands/reorganise.ts'
import { builtUpon, changes, lockOpened, undoChange } from '#features/agencies/repository/catalogue.ts'
import type { AgencyName } from '#features/agencies/rules/agency.ts'
import { audit } from '#features/audit/commands.ts'
import type { WordFaults } from '#features/questionnaires/rules/public-words.ts'
import { may } from '#lib/access/roles.ts'
import type { RawForm } from '#lib/raw-form.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { readWithdrawal } from '../rules/withdrawal.ts'

export type WithdrawalRefusal =
  | { readonly kind: 'forbidden' | 'gone' }
  | { readonly kind: 'faults'; readonly faults: WordFaults }
  /** Agencies that have been answered, or changed, since. */
  | { readonly kind: 'answered' | 'changed'; readonly names: readonly AgencyName[] }

/**
 * The reason why a change of the catalogue is taken back. The machine's operator gives none: what is typed there is in
 * no log of ours.
 */
export interface ChangeWithdrawal {
  readonly typed: RawForm
  /** The form's: sent again, it is told that it is done. */
  readonly submitKey: string
}

/**
 * Takes a change back as if it had not been, before its day and after it, as long as nothing has been answered under
 * it and nothing was built upon it: no answer, figure or receipt ever changes its agency. A survey manager says why, which the audit log keeps.
 */
export async function withdrawChange(
  operator: Operator,
  changeId: string,
  now: Instant,
  { typed, submitKey }: ChangeWithdrawal = { typed: {}, submitKey: randomUUID() },
): Promise<Result<true, WithdrawalRefusal>> {
  if (operator.kind === 'staff' && !may(operator.role, 'survey:manage')) return err({ kind: 'forbidden' })
  const read = operator.kind === 'staff' ? readWithdrawal(typed) : null
  if (read?.ok === false) return err({ kind: 'faults', faults: read.error })
  const reason = read?.value.reasonVi ?? null
  return actOnce<true, WithdrawalRefusal>(submitKey, 'catalogue.withdraw', now, async (tx) => {
    await lockOpened(tx, changeId)
    const [change] = await changes({ id: changeId }, tx)
    if (change === undefined) return err({ kind: 'gone' })
    const found = await builtUpon([changeId], tx)
    const answered = found.filter((one) => one.answered)
    if (answered.length > 0) return err({ kind: 'answered', names: namesIn(answered) })
    if (found.length > 0) return err({ kind: 'changed', names: namesIn(found) })
    await undoChange(tx, changeId)
    await audit(tx, {
      actor: operator,
      act: 'catalogue.withdraw',
      subject: { kind: 'catalogue', id: changeId },
      facts: {
        change: change.kind,
        on: change.on,
        edition: change.edition,
        ...(reason !== null && { reason }),
      },
      at: now,
    })
    return ok(true)
  })
}

const namesIn = (found: readonly AgencyName[]): AgencyName[] =>
  [...new Map(found.map((one) => [one.nameVi, one])).values()].map(({ nameVi, nameEn }) => ({
    nameVi,
    nameEn,
  }))
