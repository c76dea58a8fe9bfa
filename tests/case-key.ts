import { randomUUID } from 'node:crypto'
import { type CaseKey, newCaseKey } from '#platform/crypto.ts'
import { db } from '#tests/db.ts'

/** Stores a case key, the only part of a draft that codes and notices need. */
export async function storedCaseKey(now = new Date()): Promise<CaseKey> {
  const { key, stored } = newCaseKey(randomUUID())
  await db.caseKey.create({ data: { caseId: key.caseId, ...stored, createdAt: now } })
  return key
}
