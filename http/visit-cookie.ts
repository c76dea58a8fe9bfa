import '#server-only'
import { cookies } from 'next/headers'
import { beginVisit, endVisit, keepVisit, setFlash, takeFlash } from '#features/case-sessions/acts.ts'
import type { CaseAccess, VisitRow } from '#features/case-sessions/data.ts'
import type { Instant } from '#lib/time.ts'
import { cookieName, cookieOptions } from './cookies.ts'

/**
 * Makes what a browser does with the one case, objection or list of phones that it has open: by a random token in the cookie
 * `name`, which ends with the browser. `find` reads the visit of a token.
 */
export function visitCookie<Visit extends VisitRow>(
  name: string,
  kind: 'case' | 'objection' | 'registrant',
  find: (token: string, now: Instant) => Promise<Visit | null>,
) {
  const token = async (): Promise<string | undefined> => (await cookies()).get(cookieName(name))?.value
  return {
    /** Returns what is open, or null. Using it keeps the visit going for two more hours. */
    open: async (now: Instant): Promise<Visit | null> => {
      const sent = await token()
      const visit = sent ? await find(sent, now) : null
      if (!sent || !visit) return null
      await keepVisit(sent, visit.expiresAt, now)
      return visit
    },

    /**
     * Begins a visit; the one before ends. Only where cookies can be set. `identityId`: whose list it was opened from;
     * `openedBy`: the contact whose code opened it.
     */
    enter: async (
      id: string,
      access: CaseAccess,
      now: Instant,
      identityId: string | null = null,
      openedBy: Uint8Array<ArrayBuffer> | null = null,
    ): Promise<void> => {
      const begun = await beginVisit(id, access, await token(), now, identityId, kind, openedBy)
      ;(await cookies()).set(cookieName(name), begun, cookieOptions())
    },

    /** Ends the visit. The cookie is then worth nothing, wherever a copy of it is. */
    end: async (): Promise<void> => {
      const sent = await token()
      if (sent) await endVisit(sent)
    },

    /** Keeps a message for the next page of this browser alone, to be shown once. */
    setFlash: async (flash: unknown): Promise<void> => {
      const sent = await token()
      if (sent) await setFlash(sent, flash)
    },

    /** Returns the message that was kept for this page; it is gone afterwards. */
    takeFlash: async <T>(): Promise<T | null> => {
      const sent = await token()
      return sent ? takeFlash<T>(sent) : null
    },
  }
}
