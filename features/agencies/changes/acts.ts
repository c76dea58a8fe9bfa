import '#server-only'
import { randomUUID } from 'node:crypto'
import { audit } from '#features/audit/commands.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { type Instant, localDate } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { actOnce, runInTransaction } from '#platform/idempotency/commands.ts'
import { catalogue } from '../data.ts'
import type { Catalogue } from '../rules.ts'
import {
  applyChange,
  changeBehind,
  lastAnswered,
  loadedEdition,
  lockCatalogue,
  type MadeChange,
  storeEdition,
} from './data.ts'
import { type Edition, editionChange } from './edition-rules.ts'
import { type FormFaults, readChange, type TypedChange } from './form-rules.ts'
import { type Change, type ChangeFault, checkChange } from './rules.ts'

export type Operator = StaffActor | { readonly kind: 'system' }

export type ChangeRefusal =
  | { readonly kind: 'forbidden' | 'stale' | 'not_loaded' }
  | { readonly kind: 'faults'; readonly faults: FormFaults }
  | {
      readonly kind: 'impossible'
      readonly why: ChangeFault
      /** The change that would have to be withdrawn first. */
      readonly behind: MadeChange | null
    }

/** The work that is asked for: a change by its form, or an edition from a day on. */
export type Wanted = { readonly typed: TypedChange } | { readonly edition: string; readonly on: string }

/**
 * Returns what the catalogue looked like to the person who wants a change: the versions that it ends and the ids that
 * it makes. Made anew when the change is made; another one means that another person was first.
 */
export const basisOf = (change: Change, { versions }: Catalogue): string =>
  [
    ...versions
      .filter(({ id, validTo }) => validTo === null && change.closes.includes(id))
      .map((version) => version.versionId)
      .toSorted(),
    ...change.opens.map(({ id }) => id),
  ].join(' ')

/** Returns the change that is wanted, as the catalogue is now; whether it is possible is told apart. */
export async function planOf(
  wanted: Wanted,
  now: Catalogue,
  tx?: Tx,
): Promise<Result<Change, ChangeRefusal>> {
  if ('edition' in wanted) {
    const edition = await loadedEdition(wanted.edition, tx)
    return edition ? ok(editionChange(edition, now, wanted.on)) : err({ kind: 'not_loaded' })
  }
  const read = readChange(wanted.typed, now)
  return read.ok ? read : err({ kind: 'faults', faults: read.error })
}

/**
 * Returns the refusal of a change that is not possible: the fault, and the earlier change that would have to be
 * withdrawn first, where there is one.
 */
export const impossibleChange = async (why: ChangeFault, tx?: Tx): Promise<ChangeRefusal> => ({
  kind: 'impossible',
  why,
  behind: await changeBehind(why, tx),
})

/**
 * Makes a change of the catalogue, whole or not at all. Changes run one at a time, and each is checked again under the
 * lock.
 *
 * @param basedOn what the person saw before deciding (`basisOf`); null for a command at the machine, which shows no
 * preview
 */
export async function reorganise(
  operator: Operator,
  wanted: Wanted,
  { basedOn, submitKey }: { readonly basedOn: string | null; readonly submitKey: string },
  now: Instant,
): Promise<Result<string, ChangeRefusal>> {
  if (operator.kind === 'staff' && !may(operator.role, 'survey:manage')) return err({ kind: 'forbidden' })
  return actOnce(submitKey, 'catalogue.change', now, async (tx) => {
    await lockCatalogue(tx, [])
    const before = await catalogue(tx)
    const planned = await planOf(wanted, before, tx)
    if (!planned.ok) return planned
    const change = planned.value
    if (basedOn !== null && basedOn !== basisOf(change, before)) return err({ kind: 'stale' })
    await lockCatalogue(tx, change.closes)
    const possible = checkChange(change, before, {
      today: localDate(now),
      lastAnswered: await lastAnswered(change.closes, tx),
    })
    if (!possible.ok) return err(await impossibleChange(possible.error, tx))
    return ok(await make(tx, operator, wanted, change, now))
  })
}

async function make(
  tx: Tx,
  operator: Operator,
  wanted: Wanted,
  change: Change,
  now: Instant,
): Promise<string> {
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
      // A hundred and more say nothing that the edition does not.
      ...(editionId === null && {
        agencies: [...change.closes, ...change.opens.map((one) => one.id)].join(' '),
      }),
    },
    at: now,
  })
  return id
}

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
