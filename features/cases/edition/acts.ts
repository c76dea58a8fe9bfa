import '#server-only'
import { editionInForce, lockPlaces } from '#features/areas/data.ts'
import { keepingUnit } from '#features/areas/rules.ts'
import { audit } from '#features/audit/entries/acts.ts'
import { systemScope } from '#lib/access/scope.ts'
import { err, ok } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { runInTransaction } from '#platform/idempotency/commands.ts'
import { inScope } from '#platform/scope.ts'
import { listStrayCases } from '../board/data.ts'
import { moveCase } from '../moves/acts.ts'
import { unitNow } from '../moves/facts-acts.ts'
import { openCaseFile } from '../particulars/data.ts'
import { findCase, lockCase } from '../record/data.ts'

const SYSTEM = { kind: 'system' } as const
/** The number of cases per query; each case moves in a transaction of its own. */
const BATCH = 200

interface Followed {
  readonly cases: number
  readonly found: number
  /** Cases that could not be moved, each with the reason. They stay where they were, and the next run tries them again. */
  readonly failed: readonly { readonly id: string; readonly reason: string }[]
}

/**
 * Moves every open case, with its requests and objections, and every phone that police keep, to the unit that answers for it in
 * the edition in force. Each case is a transaction with its own audit entry: the next run continues an interrupted one, and a
 * repeated run changes nothing. A case that cannot be moved does not stop the others. `told` is called with the number of moved
 * cases.
 */
export async function followEdition(
  now: Instant,
  told: (cases: number) => void = () => {},
): Promise<Followed> {
  return inScope(systemScope(), async () => {
    const found = await movePhones()
    const failed: { id: string; reason: string }[] = []
    let cases = 0
    for (let after: string | null = null; ; ) {
      const ids: readonly string[] = await listStrayCases(after, BATCH)
      after = ids.at(-1) ?? null
      if (after === null) break
      for (const id of ids) {
        const reason = await moveFailure(id, now)
        if (reason === null) cases++
        else failed.push({ id, reason })
      }
      told(cases)
    }
    if (cases + found > 0) await noteFollowed({ cases, found }, now)
    return { cases, found, failed }
  })
}

async function moveFailure(id: string, now: Instant): Promise<string | null> {
  try {
    const moved = await runInTransaction((tx) => followUnit(tx, id, now))
    return moved.ok ? null : moved.error
  } catch (error) {
    return (error as Error).message
  }
}

async function followUnit(tx: Tx, id: string, now: Instant) {
  const { units } = await lockPlaces(tx)
  await lockCase(tx, id)
  const c = await findCase(systemScope(), { id }, tx)
  if (!c) return err('forbidden' as const)
  // Another run has moved it already.
  if (units.get(c.unitId)?.inForce) return ok(c)
  const { particulars } = await openCaseFile(c, tx)
  const unit = await unitNow(tx, c, particulars.place)
  const move = { caseId: id, version: c.version, move: 'follow_unit', unit } as const
  return moveCase(tx, systemScope(), SYSTEM, move, now)
}

async function movePhones(): Promise<number> {
  const moved = await runInTransaction(async (tx) => {
    const { map } = await lockPlaces(tx)
    const phones = await tx.$queryRaw<{ id: string; unitId: string }[]>`
      SELECT f.id, f.unit_id AS "unitId" FROM found_phones f
      JOIN police_units u ON u.id = f.unit_id JOIN area_editions e ON e.id = u.edition_id
      WHERE NOT e.in_force AND f.closed_at IS NULL ORDER BY f.id FOR UPDATE OF f`
    for (const { id, unitId } of phones)
      await tx.foundPhone.update({
        where: { id },
        data: { unitId: keepingUnit(map, unitId) },
        select: { id: true },
      })
    return ok(phones.length)
  })
  return moved.ok ? moved.value : 0
}

const noteFollowed = ({ cases, found }: Omit<Followed, 'failed'>, now: Instant) =>
  runInTransaction(async (tx) => {
    const { id } = await editionInForce(tx)
    const subject = { kind: 'area_edition', id } as const
    await audit(tx, { actor: SYSTEM, act: 'area_edition.follow', subject, facts: { cases, found }, at: now })
    return ok(null)
  })
