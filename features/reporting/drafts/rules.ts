/** A browser's key for its draft, or for the case that the draft became, and the officer signed in there. */
export interface DraftCookie {
  readonly value: string
  readonly officerId: string | null
}

/**
 * Returns whether this browser may open a draft. A draft written at the desk is only for its officer while signed in, because
 * many people are served at that computer.
 */
export const mayOpenDraft = (filedById: string | null, officerId: string | null): boolean =>
  filedById === null || filedById === officerId
