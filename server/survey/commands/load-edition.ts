import '#server-only'
import { err, ok, type Result } from '#domain/result.ts'
import type { Edition } from '#domain/survey/edition.ts'
import type { Instant } from '#domain/time.ts'
import { audit } from '#server/audit/commands.ts'
import { runInTransaction } from '#server/submissions/commands.ts'
import { storeEdition } from '../repository/catalogue.ts'

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
