/**
 * The cookie that a browser shows for its draft, or for what the draft has become: the key, and the officer who is
 * signed in there.
 */
export interface DraftCookie {
  readonly value: string
  readonly officerId: string | null
}

/**
 * Tells whether a draft is for this browser. What was written down at the desk is for the officer who wrote it, while
 * signed in: the desk's computer serves everybody.
 */
export const isServed = (filedById: string | null, officerId: string | null): boolean =>
  filedById === null || filedById === officerId
