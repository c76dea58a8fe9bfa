import '#server-only'
import { draftTransaction } from '#features/drafts/data.ts'
import { randomBuffer } from '#platform/crypto.ts'
import { hashesOf } from './data.ts'
import type { DraftCookie } from './rules.ts'

/**
 * Revokes the receipts and the draft of a browser, so that a copy of its cookies opens nothing. The draft itself stays; its
 * owner can return with a code.
 */
export async function endReports(cookies: readonly DraftCookie[]): Promise<void> {
  if (cookies.length === 0) return
  const hashes = hashesOf(cookies)
  await draftTransaction(async (tx) => {
    await tx.case.updateMany({
      where: { receiptCookieHash: { in: hashes } },
      data: { receiptSealed: null, receiptCookieHash: null, receiptUntil: null },
    })
    // No browser has the key of the new hash, so only a code can reopen the draft.
    for (const cookieHash of hashes)
      await tx.reportDraft.updateMany({ where: { cookieHash }, data: { cookieHash: randomBuffer(32) } })
  })
}
