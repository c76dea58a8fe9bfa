import '#server-only'
import { holidays, type PoliceArea, policeAreas } from '#features/lookup-tables/queries.ts'
import type { CaseScope } from '#lib/access/scope.ts'
import type { CaseKey } from '#platform/crypto.ts'
import { env } from '#platform/env.ts'
import { inScope } from '#platform/scope.ts'
import { type CitizenRecord, citizenRecord } from '../repository/citizen.ts'
import { type CaseFile, find, openFile } from '../repository.ts'
import type { Holidays } from '../rules/clocks.ts'
import type { CaseSnapshot } from '../rules/snapshot.ts'

export interface CitizenCaseView extends CitizenRecord {
  readonly snapshot: CaseSnapshot
  readonly areas: ReadonlyMap<string, PoliceArea>
  readonly holidays: Holidays
  /** The telecom authority's present name. */
  readonly authority: string
}

/**
 * Returns everything that the citizen's page shows of their case, as far as their access goes; null where it is gone.
 */
export async function caseForCitizen(scope: CaseScope, caseId: string): Promise<CitizenCaseView | null> {
  const [snapshot, record, areas, days] = await Promise.all([
    find(scope, { id: caseId }),
    citizenRecord(scope, caseId),
    policeAreas(),
    holidays(),
  ])
  if (!snapshot || !record) return null
  return {
    ...record,
    snapshot,
    areas: new Map(areas.map((area) => [area.id, area])),
    holidays: days,
    authority: env().AUTHORITY_NAME,
  }
}

/** Returns what is sealed in a case, opened for its person; null without full access, or once it was erased. */
export async function fileForCitizen(scope: CaseScope, caseId: string): Promise<CaseFile | null> {
  if (scope.kind !== 'one' || scope.access !== 'full') return null
  const found = await find(scope, { id: caseId })
  return found?.erasedAt === null ? inScope(scope, () => openFile(found)) : null
}

/** Returns the key under which files that come with an act are sealed; null without full access. */
export async function keyForCitizen(scope: CaseScope, caseId: string): Promise<CaseKey | null> {
  return (await fileForCitizen(scope, caseId))?.key ?? null
}
