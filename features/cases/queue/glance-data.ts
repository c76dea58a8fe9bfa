import '#server-only'
import { namesOf } from '#features/accounts/data.ts'
import { openersOf } from '#features/disclosures/queries.ts'
import { evidenceOf } from '#features/evidence/files/page-data.ts'
import { proofReading } from '#features/evidence/readings/page-data.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { staffScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { buttonOf, decisionsOpenTo } from '../decisions/rules.ts'
import { openWith } from '../disclosure/rules.ts'
import { parseCaseNumber } from '../numbers/rules.ts'
import { find } from '../record/data.ts'
import { queueRow } from './data.ts'

/**
 * Returns the preview of a case without opening it: its line in the list, its files, and whether an IMEI that was read
 * in them agrees with the claim. As in a list, name and place are shown only for waiting work, and nothing counts as
 * opened. Null where there is no such case in the reader's scope, or its data was erased.
 */
export async function glanceAt(reader: StaffActor, written: string, now: Instant) {
  const scope = staffScope(reader)
  const number = parseCaseNumber(written)
  if (!scope || !number.ok) return null
  const [row, snapshot] = await Promise.all([
    queueRow(scope, number.value),
    find(scope, { number: number.value }),
  ])
  if (!row || !snapshot || snapshot.erasedAt !== null) return null
  const [items, reading, openers] = await Promise.all([
    evidenceOf(scope, row.id, false),
    proofReading(scope, row.id, row.keys, false),
    openersOf(scope, row.id),
  ])
  // Who has gone on with it since has put it down.
  const events = openers.map(({ accountId }) => ({ actorId: accountId, at: snapshot.stateSince }))
  const open = openWith({ openers, events }, reader.id, now)
  const names = await namesOf(open.map(({ accountId }) => accountId))
  const { main, others } = decisionsOpenTo(snapshot, reader, now)
  const settles = others.find((one) => buttonOf(one, snapshot.state).on === 'conflict')
  return {
    row: row.needsWork ? row : { ...row, told: null },
    files: items.map(({ id, kind, closed }) => ({ id, kind, closed })),
    reading,
    openWith: [...names.values()],
    next: main ?? settles ?? null,
  }
}
