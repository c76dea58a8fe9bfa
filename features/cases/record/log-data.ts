import '#server-only'
import { findNewestChange } from '#features/audit/entries/data.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { systemScope } from '#lib/access/scope.ts'
import { caseHash, sameBytes } from '#platform/crypto.ts'
import { inScope } from '#platform/scope.ts'
import { parseCaseNumber } from '../numbers/rules.ts'
import { type CaseFile, openParticulars, readSealedFile } from '../particulars/data.ts'
import { find } from './data.ts'
import { recordOf } from './rules.ts'

/** Returns the id of a case by its number as an auditor wrote it: the audit log knows cases by it. */
export async function findCaseId(
  actor: StaffActor,
  written: string,
): Promise<{ id: string; number: string } | null> {
  if (!may(actor.role, 'audit:read')) return null
  const number = parseCaseNumber(written)
  return number.ok ? find(systemScope(), { number: number.value }) : null
}

/**
 * Compares a case with the audit log: true where its hash, computed again with its own key, is that of the newest entry
 * which changed it. Null where nothing can be compared: no entry has a hash, the log says that the case's key was
 * destroyed, or the reader is not an auditor.
 */
export async function matchesAuditLog(actor: StaffActor, caseId: string): Promise<boolean | null> {
  if (!may(actor.role, 'audit:read')) return null
  const [c, said] = await Promise.all([find(systemScope(), { id: caseId }), findNewestChange(caseId)])
  if (!c || !said || said.act === 'case.erase') return null
  const file = opened(caseId, await inScope(systemScope(), () => readSealedFile(caseId)))
  return (
    file !== null && sameBytes(caseHash(file.key, recordOf(c, file.particulars, file.imeis)), said.afterHash)
  )
}

/** Opens the sealed data of a case; null where the data or its key was changed. */
function opened(caseId: string, sealed: Awaited<ReturnType<typeof readSealedFile>>): CaseFile | null {
  try {
    return openParticulars(caseId, sealed)
  } catch {
    return null
  }
}
