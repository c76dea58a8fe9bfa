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
  /** `status`: no personal data and no acts. */
  readonly access: 'full' | 'status'
  readonly hasFlash: boolean
}

/** Returns the case that this browser has opened, or null. This is the only place that creates a citizen's scope. */
export async function citizenCase(now: Instant): Promise<CitizenCase | null> {
  const open = await visit.open(now)
  if (open === null) return null
  const { caseId, number, access, hasFlash } = open
  return { scope: citizenScope(caseId, access), caseId, number, access, hasFlash }
}

/** Runs all reads of a case page in the case's scope, so that a connection declares the scope only once. */
export const withinCase = <T>({ scope }: CitizenCase, read: () => Promise<T>): Promise<T> =>
  inScope(scope, read)

/**
 * Opens a case in this browser, after it has shown the secret or a code, or chosen the case from the list of `identity`. Only
 * where cookies can be set.
 */
export const enterCase = (
  caseId: string,
  access: 'full' | 'status',
  now: Instant,
  identity?: IdentityScope,
): Promise<void> => visit.enter(caseId, access, now, identity?.identityId)

/**
 * Deletes all cookies of this site once the visits have ended, for browsers without Clear-Site-Data. A visit that could not be
 * ended is logged.
 */
export async function forgetEverything(ending: readonly Promise<void>[]): Promise<void> {
  for (const one of await Promise.allSettled(ending))
    if (one.status === 'rejected') log().error({ err: one.reason }, 'End and clear left something open')
  const jar = await cookies()
  for (const { name } of jar.getAll()) jar.delete({ name, ...cookieOptions() })
}
