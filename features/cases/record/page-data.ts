import '#server-only'
import type { AskedCorrection, Stated } from '#features/privacy/requests/correction-rules.ts'
import { OPEN_SELECT, openTexts } from '#features/reporting/fields/columns-rules.ts'
import type { CaseScope } from '#lib/access/scope.ts'
import { type CaseKey, unseal } from '#platform/crypto.ts'
import type { Tx } from '#platform/db.ts'
import { inScope } from '#platform/scope.ts'
import { foundBlockRight } from '../deciders/data.ts'
import { openFile } from '../particulars/data.ts'
import type { EventWords, Particulars } from '../particulars/rules.ts'
import { find } from './data.ts'
import type { CaseSnapshot } from './snapshot-rules.ts'

/** Returns a case as decisions see it, within a scope. */
export const readCaseSnapshot = (scope: CaseScope, id: string, tx?: Tx): Promise<CaseSnapshot | null> =>
  find(scope, { id }, tx)

/** Tells whether a person verified or approved the block of a case to which a holder objects. */
export const hasFoundRight = (c: CaseSnapshot, accountId: string, tx: Tx): Promise<boolean> =>
  foundBlockRight(c, accountId, tx)

/** Returns the key of a case within a person's scope; null where it is erased, or none of theirs. */
export async function findCaseKey(scope: CaseScope, id: string, tx: Tx): Promise<CaseKey | null> {
  const c = await find(scope, { id }, tx)
  return c?.erasedAt === null ? (await openFile(c, tx)).key : null
}

/**
 * Returns what a case within a person's scope says of its person, phone and incident; null where it is erased, or none
 * of theirs.
 */
export async function readStated(scope: CaseScope, id: string, tx: Tx): Promise<Stated | null> {
  const c = await find(scope, { id }, tx)
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
  return { ...openTexts(row), incidentAt, known, particulars: (await openFile(c, tx)).particulars }
}

/** Returns what the person of a case asked to have corrected, with the event that asked it. */
export const findAskedAt = async (caseId: string, seq: number, tx: Tx): Promise<AskedCorrection | null> =>
  (await openedWords(caseId, seq, tx)).correction ?? null

/**
 * Returns what police wrote with an event of a case that was found within a scope; null where it came without words.
 */
export async function readWordsAt(caseId: string, seq: number, tx: Tx): Promise<string | null> {
  return (await openedWords(caseId, seq, tx)).reason ?? null
}

async function openedWords(caseId: string, seq: number, tx: Tx): Promise<EventWords> {
  const row = await tx.caseEvent.findFirst({ where: { caseId, seq }, select: { sealed: true } })
  if (!row?.sealed) return {}
  const { key } = await openFile({ id: caseId }, tx)
  return unseal<EventWords>(key, `event:${seq}`, row.sealed)
}

/** Returns who reported a case, for comparing alone: police see it where they open it. */
export async function readReporter(scope: CaseScope, id: string): Promise<Particulars | null> {
  const c = await find(scope, { id })
  return c?.erasedAt === null ? (await inScope(scope, () => openFile(c))).particulars : null
}
