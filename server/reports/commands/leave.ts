import '#server-only'
import type { DraftCookie } from '#domain/report/draft-cookie.ts'
import { draftTransaction, dropReceipts } from '../repository.ts'

/** Ends what a browser may still open: its receipts. A draft stays, for its owner to come back to with a code. */
export async function forgetReceipts(cookies: readonly DraftCookie[]): Promise<void> {
  if (cookies.length > 0) await draftTransaction((tx) => dropReceipts(tx, cookies))
}
