import '#server-only'
import { cookies } from 'next/headers'
import { findObjectionVisit } from '#features/case-sessions/data.ts'
import { dropReceipt } from '#features/disputes/drafts/data.ts'
import { type CaseScope, citizenScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { cookieName, cookieOptions } from './cookies.ts'
import { visitCookie } from './visit-cookie.ts'

/** The key of the objection that a browser writes, and for 24 hours of what it has sent. */
const KEY = 'antam-holder'
/** Apart from a case that the browser may have open too. */
const visit = visitCookie('antam-objection', 'objection', findObjectionVisit)

export const setObjectionFlash = visit.setFlash
export const takeObjectionFlash = visit.takeFlash

export const objectionCookie = async (): Promise<string | null> =>
  (await cookies()).get(cookieName(KEY))?.value ?? null

/** Gives this browser a draft, which it forgets when it is closed. */
export async function setObjectionCookie(key: string): Promise<void> {
  ;(await cookies()).set(cookieName(KEY), key, cookieOptions())
}

interface OpenObjection {
  readonly scope: CaseScope
  readonly id: string
  readonly number: string
  /** `status`: nothing personal and no acts. */
  readonly access: 'full' | 'status'
  /** A message was kept for the next page. */
  readonly hasFlash: boolean
}

/** Returns the objection that this browser has opened, or null: the one place where a holder's scope is made. */
export async function openObjection(now: Instant): Promise<OpenObjection | null> {
  const open = await visit.open(now)
  if (open === null) return null
  const { caseId: id, access, number, hasFlash } = open
  return { scope: citizenScope(id, access), id, number, access, hasFlash }
}

/** Lets this browser into an objection that it has sent, or whose secret (`full`) or contact's code it has just shown. */
export const enterObjection = (id: string, access: 'full' | 'status', now: Instant): Promise<void> =>
  visit.enter(id, access, now)

export async function endObjectionVisit(): Promise<void> {
  const key = await objectionCookie()
  await Promise.all([visit.end(), key && dropReceipt(key)])
}
