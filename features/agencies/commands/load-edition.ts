import '#server-only'
import { audit } from '#features/audit/commands.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { runInTransaction } from '#platform/idempotency/commands.ts'
import { storeEdition } from '../repository/catalogue.ts'
import type { Edition } from '../rules/edition.ts'

/** Loads an edition of the catalogue. It shows nowhere until it is switched on; loading it again changes nothing. */
export const loadEdition = (edition: Edition, now: Instant): Promise<Result<'loaded' | 'same', 'in_force'>> =>
  runInTransaction(async (tx) => {
    const outcome = await storeEdition(tx, edition, now)
    if (outcome === 'in_force') return err(outcome)
    if (outcome === 'loaded') {
      await audit(tx, {
        actor: { kind: 'system' },
        act: 'catalogue.load',
        subject: { kind: 'catalogue', id: edition.edition },
        facts: { departments: edition.departments.length, units: edition.units.length },
        at: now,
      })
    }
    return ok(outcome)
  })
