import '#server-only'
import { systemScope } from '#domain/access/scope.ts'
import { parseCaseNumber } from '#domain/case/number.ts'
import { recordOf } from '#domain/case/record.ts'
import { newestChange } from '#server/audit/loaders.ts'
import { caseHash, sameBytes } from '#server/platform/crypto.ts'
import { inScope } from '#server/platform/scope.ts'
import { type CaseFile, find, sealedFile, unsealed } from '../repository.ts'

/** The id of a case by its number as somebody wrote it: for the audit log, which knows cases by it. */
export async function caseIdOf(written: string): Promise<{ id: string; number: string } | null> {
  const number = parseCaseNumber(written)
  return number.ok ? find(systemScope(), { number: number.value }) : null
}

/**
 * Whether a case is what the audit log says it was made: its hash, made anew with its own key, is that of the newest
 * entry that changed it. Null where nothing can be compared: no entry has a hash, or the log says that the case's key was
 * destroyed.
 */
export async function recordStands(caseId: string): Promise<boolean | null> {
  const [c, said] = await Promise.all([find(systemScope(), { id: caseId }), newestChange(caseId)])
  if (!c || !said || said.act === 'case.erase') return null
  const file = opened(caseId, await inScope(systemScope(), () => sealedFile(caseId)))
  return (
    file !== null && sameBytes(caseHash(file.key, recordOf(c, file.particulars, file.imeis)), said.afterHash)
  )
}

/** Null where somebody changed what is sealed, or its key. */
function opened(caseId: string, sealed: Awaited<ReturnType<typeof sealedFile>>): CaseFile | null {
  try {
    return unsealed(caseId, sealed)
  } catch {
    return null
  }
}
