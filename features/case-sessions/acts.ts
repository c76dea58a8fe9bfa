import '#server-only'
import { audit } from '#features/audit/entries/acts.ts'
import { addMilliseconds, type Instant } from '#lib/time.ts'
import { randomBuffer } from '#platform/crypto.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { type CaseAccess, hashVisit, VISIT_LENGTH } from './data.ts'

/**
 * Begins a browser's visit to a case or an objection, after the secret (`full`) or a code from the contact (`status`), or from
 * the list of `identityId`; or a visit to a list of phones, by a code to the contact `openedBy`. Ends the browser's earlier
 * visit. Returns the token for its cookie, which is stored nowhere else.
 */
export async function beginVisit(
  caseId: string,
  access: CaseAccess,
  before: string | undefined,
  now: Instant,
  identityId: string | null = null,
  of: 'case' | 'objection' | 'registrant' = 'case',
  openedBy: Uint8Array<ArrayBuffer> | null = null,
): Promise<string> {
  const token = randomBuffer(32).toString('base64url')
  await transaction(async (tx) => {
    if (before) await tx.caseSession.deleteMany({ where: { tokenHash: hashVisit(before) } })
    const times = { createdAt: now, expiresAt: addMilliseconds(now, VISIT_LENGTH) }
    const data = { tokenHash: hashVisit(token), caseId, access, identityId, openedBy, ...times }
    await tx.caseSession.create({ data, select: { caseId: true } })
    const facts = identityId === null ? { access } : { access, fromList: true }
    const subject = { kind: of, id: caseId } as const
    await audit(tx, { actor: { kind: 'citizen' }, act: `${of}.open`, subject, facts, at: now })
  })
  return token
}

export const endVisit = (token: string) =>
  transaction((tx) => tx.caseSession.deleteMany({ where: { tokenHash: hashVisit(token) } }))

export const endVisitsOf = (tx: Tx, identityId: string, caseId?: string) =>
  tx.caseSession.deleteMany({ where: { identityId, ...(caseId !== undefined && { caseId }) } })
