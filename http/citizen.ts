import '#server-only'
import { cookies } from 'next/headers'
import { beginVisit, endVisit, keepVisit, leaveFlash, pickUpFlash } from '#features/case-sessions/commands.ts'
import { visitOf } from '#features/case-sessions/queries.ts'
import { type CaseScope, citizenScope, type IdentityScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { log } from '#platform/log.ts'
import { cookieName, cookieOptions } from './cookies.ts'

/** The cookie that tells whose case a browser may see: one at a time, by a random token. It ends with the browser. */
const COOKIE = 'antam-case'

export interface CitizenCase {
  readonly scope: CaseScope
  readonly caseId: string
  readonly number: string
  /** `status`: nothing personal and no acts. */
  readonly access: 'full' | 'status'
  /** Something was left for the next page. */
  readonly hasFlash: boolean
}

const token = async (): Promise<string | undefined> => (await cookies()).get(cookieName(COOKIE))?.value

/**
 * Returns the case that this browser has opened, or null: the one place where a citizen's scope is made. Using it keeps
 * the visit going for two more hours.
 */
export async function citizenCase(now: Instant): Promise<CitizenCase | null> {
  const sent = await token()
  const visit = sent ? await visitOf(sent, now) : null
  if (!sent || !visit) return null
  await keepVisit(sent, visit.expiresAt, now)
  const { caseId, number, access, hasFlash } = visit
  return { scope: citizenScope(caseId, access), caseId, number, access, hasFlash }
}

/**
 * Lets this browser into a case whose secret or code it has just shown, or that it has opened from the list of `identity`.
 * Only where cookies can be set.
 */
export async function enterCase(
  caseId: string,
  access: 'full' | 'status',
  now: Instant,
  identity?: IdentityScope,
): Promise<void> {
  const jar = await cookies()
  const name = cookieName(COOKIE)
  const token = await beginVisit(caseId, access, jar.get(name)?.value, now, identity?.identityId)
  jar.set(name, token, cookieOptions())
}

/** Ends the visit. The cookie is then worth nothing, wherever a copy of it is. */
export async function leaveCase(): Promise<void> {
  const sent = await token()
  if (sent) await endVisit(sent)
}

/** Keeps something for the next page of this browser alone, to be shown once. */
export async function leaveForNextPage(left: unknown): Promise<void> {
  const sent = await token()
  if (sent) await leaveFlash(sent, left)
}

/** Takes what {@link leaveForNextPage} kept; it is gone afterwards. */
export async function leftForThisPage<T>(): Promise<T | null> {
  const sent = await token()
  return sent ? pickUpFlash<T>(sent) : null
}

/**
 * Takes every cookie of this site away, for browsers that don't know Clear-Site-Data, after what they opened has ended; also
 * where it could not be ended, which is logged.
 */
export async function forgetEverything(ending: readonly Promise<void>[]): Promise<void> {
  for (const one of await Promise.allSettled(ending))
    if (one.status === 'rejected') log().error({ err: one.reason }, 'End and clear left something open')
  const jar = await cookies()
  for (const { name } of jar.getAll()) jar.delete({ name, ...cookieOptions() })
}
