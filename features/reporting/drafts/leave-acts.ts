import '#server-only'
import { draftTransaction } from '#features/drafts/data.ts'
import { dropCookies } from './data.ts'
import type { DraftCookie } from './rules.ts'

/**
 * Ends what a browser may still open: its receipts and its draft, so that no copy of its cookies opens them. A draft stays,
 * for its owner to come back to with a code.
 */
export async function endReports(cookies: readonly DraftCookie[]): Promise<void> {
  if (cookies.length > 0) await draftTransaction((tx) => dropCookies(tx, cookies))
}
