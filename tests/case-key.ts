import { randomUUID } from 'node:crypto'
import { type CaseKey, newCaseKey } from '#platform/crypto.ts'
import { db } from '#tests/db.ts'

/** A case key that stands in the database: all that codes and notices need of a draft. */
export async function storedCaseKey(now = new Date()): Promise<CaseKey> {
  const { key, stored } = newCaseKey(randomUUID())
  await db.caseKey.create({ data: { caseId: key.caseId, ...stored, createdAt: now } })
  return key
}
