import '#server-only'
import { cookies } from 'next/headers'
import { findVisit } from '#features/case-sessions/data.ts'
import { type CaseScope, citizenScope, type IdentityScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { log } from '#platform/log.ts'
import { inScope } from '#platform/scope.ts'
import { cookieOptions } from './cookies.ts'
import { visitCookie } from './visit-cookie.ts'

const visit = visitCookie('antam-case', 'case', findVisit)

export const endCaseVisit = visit.end
export const setCaseFlash = visit.setFlash
export const takeCaseFlash = visit.takeFlash

export interface CitizenCase {
  readonly scope: CaseScope
  readonly caseId: string
  readonly number: string
  /** `status`: nothing personal and no acts. */
  readonly access: 'full' | 'status'
  /** A message was kept for the next page. */
  readonly hasFlash: boolean
}

/** Returns the case that this browser has opened, or null: the one place where a citizen's scope is made. */
export async function citizenCase(now: Instant): Promise<CitizenCase | null> {
  const open = await visit.open(now)
  if (open === null) return null
  const { caseId, number, access, hasFlash } = open
  return { scope: citizenScope(caseId, access), caseId, number, access, hasFlash }
}

/** Reads for the page of an opened case: all within it, so that a connection declares the scope once. */
export const withinCase = <T>({ scope }: CitizenCase, read: () => Promise<T>): Promise<T> =>
  inScope(scope, read)

/**
 * Lets this browser into a case whose secret or code it has just shown, or that it has opened from the list of `identity`.
 * Only where cookies can be set.
 */
export const enterCase = (
  caseId: string,
  access: 'full' | 'status',
  now: Instant,
  identity?: IdentityScope,
): Promise<void> => visit.enter(caseId, access, now, identity?.identityId)

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
