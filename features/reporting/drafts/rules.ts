/**
 * The cookie that a browser shows for its draft, or for what the draft has become: the key, and the officer who is
 * signed in there.
 */
export interface DraftCookie {
  readonly value: string
  readonly officerId: string | null
}

/**
 * Tells whether this browser may have a draft. A draft written at the desk is for the officer who wrote it, while
 * signed in, because many people are served at the desk's computer.
 */
export const mayOpenDraft = (filedById: string | null, officerId: string | null): boolean =>
  filedById === null || filedById === officerId
