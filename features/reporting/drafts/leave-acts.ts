import '#server-only'
import { draftTransaction } from '#features/drafts/data.ts'
import { randomBuffer } from '#platform/crypto.ts'
import { hashesOf } from './data.ts'
import type { DraftCookie } from './rules.ts'

/**
 * Ends what a browser may still open: its receipts and its draft, so that no copy of its cookies opens them. A draft stays,
 * for its owner to come back to with a code.
 */
export async function endReports(cookies: readonly DraftCookie[]): Promise<void> {
  if (cookies.length === 0) return
  const hashes = hashesOf(cookies)
  await draftTransaction(async (tx) => {
    await tx.case.updateMany({
      where: { receiptCookieHash: { in: hashes } },
      data: { receiptSealed: null, receiptCookieHash: null, receiptUntil: null },
    })
    // No browser has the key of the new hash: only a code gives the draft another.
    for (const cookieHash of hashes)
      await tx.reportDraft.updateMany({ where: { cookieHash }, data: { cookieHash: randomBuffer(32) } })
  })
}
