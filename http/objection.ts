import '#server-only'
import { cookies } from 'next/headers'
import { beginVisit, endVisit, keepVisit, leaveFlash, pickUpFlash } from '#features/case-sessions/commands.ts'
import { objectionVisitOf } from '#features/case-sessions/queries.ts'
import { forgetObjectionReceipt } from '#features/objections/commands/unlock.ts'
import { type CaseScope, citizenScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { cookieName, cookieOptions } from './cookies.ts'

/** The key of the objection that a browser writes, and for 24 hours of what it has sent. */
const KEY = 'antam-holder'
/**
 * The cookie that tells whose objection a browser may see: one at a time, apart from a case that it may have open too.
 */
const VISIT = 'antam-objection'

const read = async (name: string): Promise<string | null> =>
  (await cookies()).get(cookieName(name))?.value ?? null

export const objectionCookie = (): Promise<string | null> => read(KEY)

/** Gives this browser a draft, which it forgets when it is closed. */
export async function setObjectionCookie(key: string): Promise<void> {
  ;(await cookies()).set(cookieName(KEY), key, cookieOptions())
}

export interface OpenObjection {
  readonly scope: CaseScope
  readonly id: string
  readonly number: string
  /** `status`: nothing personal and no acts. */
  readonly access: 'full' | 'status'
  /** Something was left for the next page. */
  readonly hasFlash: boolean
}

/** Returns the objection that this browser has opened, or null: the one place where a holder's scope is made. */
export async function openObjection(now: Instant): Promise<OpenObjection | null> {
  const token = await read(VISIT)
  const visit = token === null ? null : await objectionVisitOf(token, now)
  if (token === null || !visit) return null
  await keepVisit(token, visit.expiresAt, now)
  const { caseId: id, access, number, hasFlash } = visit
  return { scope: citizenScope(id, access), id, number, access, hasFlash }
}

/** Lets this browser into an objection that it has sent, or whose secret (`full`) or contact's code it has just shown. */
export async function enterObjection(id: string, access: 'full' | 'status', now: Instant): Promise<void> {
  const jar = await cookies()
  const name = cookieName(VISIT)
  jar.set(name, await beginVisit(id, access, jar.get(name)?.value, now, null, 'objection'), cookieOptions())
}

/** Ends the visit and what the browser could open of what it sent. */
export async function leaveObjection(): Promise<void> {
  const [token, key] = await Promise.all([read(VISIT), read(KEY)])
  await Promise.all([token && endVisit(token), key && forgetObjectionReceipt(key)])
}

/** Keeps something for the next page of this browser alone, to be shown once. */
export async function leaveForObjection(left: unknown): Promise<void> {
  const token = await read(VISIT)
  if (token) await leaveFlash(token, left)
}

/** Takes what {@link leaveForObjection} kept; it is gone afterwards. */
export async function leftForObjection<T>(): Promise<T | null> {
  const token = await read(VISIT)
  return token ? pickUpFlash<T>(token) : null
}
