import '#server-only'
import { draftTransaction, dropReceipts } from '../repository.ts'
import type { DraftCookie } from '../rules/draft-cookie.ts'

/** Ends what a browser may still open: its receipts. A draft stays, for its owner to come back to with a code. */
export async function forgetReceipts(cookies: readonly DraftCookie[]): Promise<void> {
  if (cookies.length > 0) await draftTransaction((tx) => dropReceipts(tx, cookies))
}
