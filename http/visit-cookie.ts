import '#server-only'
import { cookies } from 'next/headers'
import { beginVisit, endVisit } from '#features/case-sessions/acts.ts'
import {
  type CaseAccess,
  keepVisit,
  setFlash,
  takeFlash,
  type VisitRow,
} from '#features/case-sessions/data.ts'
import type { Instant } from '#lib/time.ts'
import { cookieName, cookieOptions } from './cookies.ts'

/**
 * Makes the functions for the one case, objection or list of phones that a browser has open, by a random token in the cookie
 * `name`, which ends with the browser. `find` reads the visit of a token.
 */
export function visitCookie<Visit extends VisitRow>(
  name: string,
  kind: 'case' | 'objection' | 'registrant',
  find: (token: string, now: Instant) => Promise<Visit | null>,
) {
  const token = async (): Promise<string | undefined> => (await cookies()).get(cookieName(name))?.value
  return {
    /** Returns the open visit, or null. Each use extends it by two hours. */
    open: async (now: Instant): Promise<Visit | null> => {
      const sent = await token()
      const visit = sent ? await find(sent, now) : null
      if (!sent || !visit) return null
      await keepVisit(sent, visit.expiresAt, now)
      return visit
    },

    /**
     * Begins a visit and ends the previous one. Only where cookies can be set. `identityId`: the citizen from whose list it was
     * opened; `openedBy`: the contact whose code opened it.
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

    /** Ends the visit. Copies of the cookie become worthless. */
    end: async (): Promise<void> => {
      const sent = await token()
      if (sent) await endVisit(sent)
    },

    /** Keeps a message for this browser's next page, to be shown once. */
    setFlash: async (flash: unknown): Promise<void> => {
      const sent = await token()
      if (sent) await setFlash(sent, flash)
    },

    takeFlash: async <T>(): Promise<T | null> => {
      const sent = await token()
      return sent ? takeFlash<T>(sent) : null
    },
  }
}
