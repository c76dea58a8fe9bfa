import '#server-only'
import { findNewestChange } from '#features/audit/entries/data.ts'
import type { AskedCorrection, Stated } from '#features/privacy/requests/correction-rules.ts'
import { OPEN_SELECT, openTexts } from '#features/reporting/fields/columns-rules.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { type CaseScope, systemScope } from '#lib/access/scope.ts'
import { type CaseKey, caseHash, sameBytes, unseal } from '#platform/crypto.ts'
import type { Tx } from '#platform/db.ts'
import { inScope } from '#platform/scope.ts'
import { foundBlockRight } from '../deciders/data.ts'
import { parseCaseNumber } from '../numbers/rules.ts'
import { type CaseFile, openCaseFile, openParticulars, readSealedFile } from '../particulars/data.ts'
import type { EventWords, Particulars } from '../particulars/rules.ts'
import { findCase } from './data.ts'
import { recordOf } from './rules.ts'
import type { CaseSnapshot } from './snapshot-rules.ts'

export const readCaseSnapshot = (scope: CaseScope, id: string, tx?: Tx): Promise<CaseSnapshot | null> =>
  findCase(scope, { id }, tx)

/** Checks whether a person verified or approved the block of a case to which a holder objects. */
export const hasFoundRight = (c: CaseSnapshot, accountId: string, tx: Tx): Promise<boolean> =>
  foundBlockRight(c, accountId, tx)

export async function findCaseKey(scope: CaseScope, id: string, tx: Tx): Promise<CaseKey | null> {
  const c = await findCase(scope, { id }, tx)
  return c?.erasedAt === null ? (await openCaseFile(c, tx)).key : null
}

export async function readStated(scope: CaseScope, id: string, tx: Tx): Promise<Stated | null> {
  const c = await findCase(scope, { id }, tx)
  if (c?.erasedAt !== null) return null
  const { tacManufacturer, tacModel, ...row } = await tx.case.findFirstOrThrow({
    where: { id },
    select: {
      ...OPEN_SELECT,
      incidentAt: true,
      tacManufacturer: true,
      tacModel: true,
    },
  })
  const known = tacManufacturer === null ? null : { manufacturer: tacManufacturer, model: tacModel ?? '' }
  const { incidentAt } = row
  return { ...openTexts(row), incidentAt, known, particulars: (await openCaseFile(c, tx)).particulars }
}

/** Returns the correction that an event asked for. */
export const findAskedAt = async (caseId: string, seq: number, tx: Tx): Promise<AskedCorrection | null> =>
  (await openedWords(caseId, seq, tx)).correction ?? null

/** Returns the reason that police wrote with an event, or null. The caller must have found the case within a scope. */
export async function readWordsAt(caseId: string, seq: number, tx: Tx): Promise<string | null> {
  return (await openedWords(caseId, seq, tx)).reason ?? null
}

async function openedWords(caseId: string, seq: number, tx: Tx): Promise<EventWords> {
  const row = await tx.caseEvent.findFirst({ where: { caseId, seq }, select: { sealed: true } })
  if (!row?.sealed) return {}
  const { key } = await openCaseFile({ id: caseId }, tx)
  return unseal<EventWords>(key, `event:${seq}`, row.sealed)
}

/** Returns a case's reporter for comparison only; police see the name where they open the case. */
export async function readReporter(scope: CaseScope, id: string): Promise<Particulars | null> {
  const c = await findCase(scope, { id })
  return c?.erasedAt === null ? (await inScope(scope, () => openCaseFile(c))).particulars : null
}

/** Returns a case's id by the number that an auditor typed, because the audit log uses the id. */
export async function findCaseId(
  actor: StaffActor,
  written: string,
): Promise<{ id: string; number: string } | null> {
  if (!may(actor.role, 'audit:read')) return null
  const number = parseCaseNumber(written)
  return number.ok ? findCase(systemScope(), { number: number.value }) : null
}

/**
 * Compares a case with the audit log: true if its hash, computed again with its own key, equals that of the newest entry that
 * changed it. Null if nothing can be compared: no entry has a hash, the log says that the case's key was destroyed, or the reader
 * is not an auditor.
 */
export async function matchesAuditLog(actor: StaffActor, caseId: string): Promise<boolean | null> {
  if (!may(actor.role, 'audit:read')) return null
  const [c, said] = await Promise.all([findCase(systemScope(), { id: caseId }), findNewestChange(caseId)])
  if (!c || !said || said.act === 'case.erase') return null
  const file = opened(caseId, await inScope(systemScope(), () => readSealedFile(caseId)))
  return (
    file !== null && sameBytes(caseHash(file.key, recordOf(c, file.particulars, file.imeis)), said.afterHash)
  )
}

/** Opens the sealed data of a case; null if the data or its key was changed. */
function opened(caseId: string, sealed: Awaited<ReturnType<typeof readSealedFile>>): CaseFile | null {
  try {
    return openParticulars(caseId, sealed)
  } catch {
    return null
  }
}
