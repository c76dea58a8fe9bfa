import { randomUUID } from 'node:crypto'
import { type CaseKey, newCaseKey, unwrap } from '#platform/crypto.ts'
import { db } from '#tests/db.ts'

/** Stores a case key, the only part of a draft that codes and notices need. */
export async function storedCaseKey(now = new Date()): Promise<CaseKey> {
  const { key, stored } = newCaseKey(randomUUID())
  await db.caseKey.create({ data: { caseId: key.caseId, ...stored, createdAt: now } })
  return key
}

/** Returns the stored key of a case, draft or list. */
export const keyOf = async (caseId: string): Promise<CaseKey> =>
  unwrap(caseId, await db.caseKey.findUniqueOrThrow({ where: { caseId } }))
