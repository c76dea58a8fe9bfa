import '#server-only'
import { cookies } from 'next/headers'
import { findObjectionVisit } from '#features/case-sessions/data.ts'
import { dropReceipt } from '#features/disputes/drafts/data.ts'
import { citizenScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { cookieName, cookieOptions } from './cookies.ts'
import { visitCookie } from './visit-cookie.ts'

/** The key of this browser's draft of an objection, and for 24 hours of the sent objection. */
const KEY = 'antam-holder'
/** Separate from a case that the browser may also have open. */
const visit = visitCookie('antam-objection', 'objection', findObjectionVisit)

export const setObjectionFlash = visit.setFlash
export const takeObjectionFlash = visit.takeFlash

export const objectionCookie = async (): Promise<string | null> =>
  (await cookies()).get(cookieName(KEY))?.value ?? null

/** Sets this browser's draft. It ends with the browser session. */
export async function setObjectionCookie(key: string): Promise<void> {
  ;(await cookies()).set(cookieName(KEY), key, cookieOptions())
}

/**
 * Returns the objection that this browser has opened, or null. This is the only place that creates a holder's scope. With
 * `access: 'status'` it allows no personal data and no acts.
 */
export async function openObjection(now: Instant) {
  const open = await visit.open(now)
  if (open === null) return null
  const { caseId: id, access, number, hasFlash } = open
  return { scope: citizenScope(id, access), id, number, access, hasFlash }
}

/** Opens an objection in this browser, after it has sent it or shown its secret (`full`) or a code to its contact. */
export const enterObjection = (id: string, access: 'full' | 'status', now: Instant): Promise<void> =>
  visit.enter(id, access, now)

export async function endObjectionVisit(): Promise<void> {
  const key = await objectionCookie()
  await Promise.all([visit.end(), key && dropReceipt(key)])
}
