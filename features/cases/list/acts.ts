import '#server-only'
import { randomUUID } from 'node:crypto'
import { listAdded, takeOffList } from '#features/citizens/acts.ts'
import { notify } from '#features/notices/acts.ts'
import { citizenScope, type IdentityScope } from '#lib/access/scope.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { actOnce, runInTransaction } from '#platform/idempotency/commands.ts'
import { inScope } from '#platform/scope.ts'
import { contactsInForce } from '../contacts/rules.ts'
import { openCaseFile } from '../particulars/data.ts'
import { type UnlockRefusal, unlockWithSecret } from '../unlock/acts.ts'
import { openListed } from './data.ts'

/** `taken`: the case is in another person's list; only its secret removes it from there. */
type AddRefusal = UnlockRefusal | 'taken' | 'erased'

/**
 * Adds a case to a citizen's list. It takes the case's number and secret, with the same refusals and limits as unlocking it. The
 * case's contacts are told, because from then on the person opens the case without the secret.
 */
export async function addToList(
  identity: IdentityScope,
  typed: { readonly number: string; readonly secret: string },
  address: string,
  now: Instant,
): Promise<Result<{ readonly number: string }, AddRefusal>> {
  const unlocked = await unlockWithSecret(typed, address, now)
  if (!unlocked.ok) return unlocked
  const { caseId, number } = unlocked.value
  return inScope(citizenScope(caseId, 'full'), () =>
    runInTransaction<{ number: string }, AddRefusal>(async (tx) => {
      if (!(await preventErasure(tx, caseId))) return err('erased')
      const added = await listAdded(tx, caseId, identity, now)
      if (!added.ok) return added
      if (added.value.isNew) await tellContacts(tx, caseId, number, now)
      return ok({ number })
    }),
  )
}

/** Keeps a case from being erased until the transaction ends; false if it is erased already. */
async function preventErasure(tx: Tx, caseId: string): Promise<boolean> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM cases WHERE id = ${caseId}::uuid AND erased_at IS NULL FOR SHARE`
  return rows.length === 1
}

async function tellContacts(tx: Tx, caseId: string, number: string, at: Instant): Promise<void> {
  const { key, particulars, locale } = await openCaseFile({ id: caseId }, tx)
  for (const to of contactsInForce(particulars, at))
    await notify(tx, { key, to, template: 'listed', locale, params: { number }, at })
}

/** Removes a case from the person's own list, once per `submitKey`; false if it is not in it. */
export async function removeListed(
  identity: IdentityScope,
  number: string,
  now: Instant,
  submitKey: string = randomUUID(),
): Promise<boolean> {
  const found = await openListed(identity, number)
  const done = await inScope(identity, () =>
    actOnce<true, 'not_found'>(submitKey, 'case.let_go', now, async (tx) =>
      found !== null && (await takeOffList(tx, identity, found.caseId, now)) ? ok(true) : err('not_found'),
    ),
  )
  return done.ok
}
