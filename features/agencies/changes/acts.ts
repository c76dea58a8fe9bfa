import '#server-only'
import { randomUUID } from 'node:crypto'
import { audit } from '#features/audit/entries/acts.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { type Instant, localDate } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { actOnce, runInTransaction } from '#platform/idempotency/commands.ts'
import { readCatalogue } from '../data.ts'
import {
  applyChange,
  type CatalogueRefusal,
  describeBasis,
  explainImpossible,
  findLastAnswered,
  lockCatalogue,
  planChange,
  storeEdition,
  type Wanted,
} from './data.ts'
import type { Edition } from './edition-rules.ts'
import { type Change, checkChange } from './rules.ts'

export type Operator = StaffActor | { readonly kind: 'system' }

/** Makes a change, checked again under the lock. `basedOn`: what the person saw (`describeBasis`); null for a command. */
export async function reorganise(
  operator: Operator,
  wanted: Wanted,
  { basedOn, submitKey }: { readonly basedOn: string | null; readonly submitKey: string },
  now: Instant,
): Promise<Result<string, CatalogueRefusal>> {
  if (operator.kind === 'staff' && !may(operator.role, 'survey:manage')) return err({ kind: 'forbidden' })
  return actOnce(submitKey, 'catalogue.change', now, async (tx) => {
    await lockCatalogue(tx, [])
    const before = await readCatalogue(tx)
    const planned = await planChange(wanted, before, tx)
    if (!planned.ok) return planned
    const change = planned.value
    if (basedOn !== null && basedOn !== describeBasis(change, before)) return err({ kind: 'stale' })
    await lockCatalogue(tx, change.closes)
    const possible = checkChange(change, before, {
      today: localDate(now),
      lastAnswered: await findLastAnswered(change.closes, tx),
    })
    if (!possible.ok) return err(await explainImpossible(possible.error, tx))
    return ok(await make(tx, operator, wanted, change, now))
  })
}

async function make(tx: Tx, operator: Operator, wanted: Wanted, change: Change, now: Instant) {
  const id = randomUUID()
  const editionId = 'edition' in wanted ? wanted.edition : null
  await applyChange(tx, change, { id, editionId, at: now })
  await audit(tx, {
    actor: operator,
    act: `catalogue.${change.kind}`,
    subject: { kind: 'catalogue', id },
    facts: {
      on: change.on,
      edition: editionId,
      closed: change.closes.length,
      opened: change.opens.length,
      // Left out for an edition: it has over a hundred ids, and its own id says the same.
      ...(editionId === null && {
        agencies: [...change.closes, ...change.opens.map((one) => one.id)].join(' '),
      }),
    },
    at: now,
  })
  return id
}

/** Loads an edition of the catalogue. It is not shown until it is switched on. Loading it again changes nothing. */
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
