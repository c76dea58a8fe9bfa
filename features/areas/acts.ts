import '#server-only'
import { audit } from '#features/audit/entries/acts.ts'
import { systemScope } from '#lib/access/scope.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { runInTransaction } from '#platform/idempotency/commands.ts'
import { inScope } from '#platform/scope.ts'
import { editionInForce, putInForce } from './data.ts'

/** Puts an edition in force. Open cases move afterwards (features/cases/edition/acts.ts). */
export async function switchEdition(
  edition: string,
  now: Instant,
): Promise<Result<'switched' | 'already', 'not_found'>> {
  return inScope(systemScope(), () =>
    runInTransaction(async (tx) => {
      if ((await tx.areaEdition.count({ where: { id: edition } })) === 0) return err('not_found')
      await tx.$queryRaw`SELECT 1 FROM pg_advisory_xact_lock(hashtext('areas'))`
      const { id: from } = await editionInForce(tx)
      if (from === edition) return ok('already')
      await putInForce(tx, edition, now)
      const subject = { kind: 'area_edition', id: edition } as const
      await audit(tx, {
        actor: { kind: 'system' },
        act: 'area_edition.switch',
        subject,
        facts: { from, to: edition },
        at: now,
      })
      return ok('switched')
    }),
  )
}

/** Waits for the transactions that make a case, and blocks new ones until this transaction ends. */
