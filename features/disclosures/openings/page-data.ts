import '#server-only'
import { groupByDay, type OpeningsOfADay } from '#features/cases/disclosure/rules.ts'
import type { StaffActor, StaffReader } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { type CaseScope, staffScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { inScope } from '#platform/scope.ts'
import { type AlertKey, alerts, type LookupAlert } from '../lookups/data.ts'
import { findOpenUntil, listOpeners, listOpenings, openingsWithWords, seenBy } from './data.ts'

export type { AlertKey, LookupAlert } from '../lookups/data.ts'
export type { OpenedProof, OpeningForPolice } from './data.ts'
export { openedProof } from './data.ts'

/** Finds which of some cases are open to a reader now, and until when. */
export const openedCases = findOpenUntil

export const isOpenTo = async (
  reader: StaffReader,
  caseId: string,
  now: Instant,
  tx?: Tx,
): Promise<boolean> => (await findOpenUntil(reader, [caseId], now, tx)).has(caseId)

export async function seenCases(
  reader: StaffReader,
  caseIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const scope = staffScope(reader)
  return scope ? inScope(scope, () => seenBy(reader.id, caseIds)) : new Set()
}

/** So many openings are looked at for a page; older ones are said to be there. */
const MOST = 100

/** Returns who opened a case's papers and contact, day by day, as its citizen may know. */
export async function whoLooked(
  scope: CaseScope,
  caseId: string,
): Promise<{ readonly days: readonly OpeningsOfADay[]; readonly more: boolean }> {
  const found = await listOpenings(scope, caseId, MOST + 1)
  return { days: groupByDay(found.slice(0, MOST)), more: found.length > MOST }
}

export const openingsOf = (scope: CaseScope, caseId: string) => openingsWithWords(scope, caseId, 20)

/** Everybody of the police who ever opened a case. */
export const openersOf = listOpeners

const PAGE = 10

/** Returns a page of alerts for an auditor, newest first, and the one below which the next begins. */
export async function alertPage(
  actor: StaffActor,
  below: AlertKey | null,
): Promise<{ readonly alerts: readonly LookupAlert[]; readonly next: AlertKey | null }> {
  if (!may(actor.role, 'audit:read')) return { alerts: [], next: null }
  const found = await alerts(below, PAGE + 1)
  const shown = found.slice(0, PAGE)
  return { alerts: shown, next: found.length > PAGE ? (shown.at(-1) ?? null) : null }
}
