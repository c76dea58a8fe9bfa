import { unitsServed } from '#lib/access/actor.ts'
import type { StaffRole } from '#lib/access/roles.ts'
import { addMilliseconds, DAY, type Instant } from '#lib/time.ts'
import type { Post } from './post.ts'
import { isWaiting, type Waiting } from './waiting.ts'

/** The kinds of requests for an account: a new one, a reset of its sign-in, another post, another address. */
export const REQUEST_KINDS = ['invite', 'reset', 'change', 'email'] as const
export type RequestKind = (typeof REQUEST_KINDS)[number]

/** The time for which a request waits for a second person. */
const REQUEST_LIFE = 7 * DAY
export const requestExpiry = (requestedAt: Instant): Instant => addMilliseconds(requestedAt, REQUEST_LIFE)

const GUARDED: readonly StaffRole[] = ['officer', 'supervisor', 'city_police', 'relay', 'admin']

/** Tells whether accounts of a role can lead to a block, or to another such account: they are made and changed by two people. */
export const isGuarded = (role: StaffRole): boolean => GUARDED.includes(role)

/**
 * Tells whether auditors are told of changes to accounts of a role: roles that can lead to a block, and the auditors'
 * own.
 */
export const isWatched = (role: StaffRole): boolean => isGuarded(role) || role === 'auditor'

const OF_A_UNIT: readonly StaffRole[] = ['officer', 'supervisor']

export interface AccountRequest {
  readonly requestedById: string
  /** Null where the account is only made by the confirmation. */
  readonly accountId: string | null
  /** The post that the account has afterwards. */
  readonly post: Pick<Post, 'role' | 'unitId'>
  readonly expiresAt: Instant
}

export interface Judge extends Waiting {
  readonly id: string
  readonly role: StaffRole
  readonly unitId: string | null
  readonly serves?: readonly string[]
}

export type JudgeRefusal = 'forbidden' | 'own_request' | 'own_account' | 'request_gone' | 'waiting'

/**
 * Tells whether requests about this post belong to a person: all to an admin, those for officers and supervisors of
 * their units to a supervisor. It does not say that the person may decide one: see {@link judgeRefusal}.
 */
export const isJudgeOf = (
  by: Pick<Judge, 'role' | 'unitId' | 'serves'>,
  post: Pick<Post, 'role' | 'unitId'>,
): boolean =>
  by.role === 'admin' ||
  (by.role === 'supervisor' &&
    post.unitId !== null &&
    unitsServed(by).includes(post.unitId) &&
    OF_A_UNIT.includes(post.role))

/** Returns why a person may not confirm or refuse a request, or null. */
export function judgeRefusal(by: Judge, request: AccountRequest, now: Instant): JudgeRefusal | null {
  if (!isJudgeOf(by, request.post)) return 'forbidden'
  if (request.accountId === by.id) return 'own_account'
  if (request.requestedById === by.id) return 'own_request'
  if (isWaiting(by, now)) return 'waiting'
  return request.expiresAt <= now ? 'request_gone' : null
}
