import { z } from 'zod'
import type { AuditAct } from '#features/audit/entries/names-rules.ts'
import { type StaffActor, unitsServed } from '#lib/access/actor.ts'
import { may, type Permission, STAFF_ROLES, type StaffRole } from '#lib/access/roles.ts'
import type { Instant } from '#lib/time.ts'

export interface Post {
  readonly role: StaffRole
  readonly unitId: string | null
  readonly agencyId: string | null
  readonly carrierId: string | null
}

export type PostFault = `${'unit' | 'agency' | 'carrier'}_${'missing' | 'not_needed'}`

/** The roles that are bound to a place, and the kind of place; every other role is bound to none. */
const BOUND = {
  unit: ['officer', 'supervisor'],
  agency: ['agency_viewer'],
  carrier: ['carrier'],
} as const satisfies Record<string, readonly StaffRole[]>

const placeField = (longest: number) =>
  z
    .string()
    .max(longest, 'general.invalid')
    .nullish()
    .transform((text) => text || null)
export const POST_FIELDS = {
  role: z.enum(STAFF_ROLES, 'general.invalid'),
  ...{ unitId: placeField(40), agencyId: placeField(60), carrierId: placeField(40) },
}

/** Returns what is wrong with a post, or null: each role has exactly the place that it needs. */
export function postFault(post: Post): PostFault | null {
  for (const kind of ['unit', 'agency', 'carrier'] as const) {
    const needed = (BOUND[kind] as readonly StaffRole[]).includes(post.role)
    const there = post[`${kind}Id`] !== null
    if (needed !== there) return `${kind}_${needed ? 'missing' : 'not_needed'}`
  }
  return null
}

export const samePost = (a: Post, b: Post): boolean =>
  (['role', 'unitId', 'agencyId', 'carrierId'] as const).every((field) => a[field] === b[field])

export const postOf = ({ role, unitId, agencyId, carrierId }: Post): Post => ({
  role,
  unitId,
  agencyId,
  carrierId,
})

const place = z.string().nullable()
const post = z.object({ role: z.enum(STAFF_ROLES), unitId: place, agencyId: place, carrierId: place })

export const accountInvite = z.object({ email: z.string(), name: z.string(), after: post })
/** A reset of its sign-in, its taking back, or its disabling: its post stays. */
export const accountOnly = z.object({ accountId: z.uuid(), before: post })
export const accountChange = z.object({ accountId: z.uuid(), before: post, after: post })
export const accountEmail = z.object({ accountId: z.uuid(), before: post, email: z.string() })

type Person = Pick<StaffActor, 'role' | 'unitId' | 'serves' | 'carrierId'>
interface OfAccount {
  readonly before?: Post
  readonly after?: Post
}

const OF_A_UNIT: readonly StaffRole[] = ['officer', 'supervisor']

/** Tells whether people with this post are a person's to confirm: an admin's all, and those whom one works with (ADR 102). */
function isJudgeOf(by: Person, { role, unitId }: Post): boolean {
  switch (by.role) {
    case 'admin':
      return true
    case 'supervisor':
      return unitId !== null && OF_A_UNIT.includes(role) && unitsServed(by).includes(unitId)
    case 'survey_manager':
      return role === 'agency_viewer'
    case 'relay':
      return role === 'carrier'
    default:
      return false
  }
}

/** Tells whether a person may confirm what is asked for an account: its post before and its post after are theirs. */
export const judgesAccount = (by: Person, { before, after }: OfAccount): boolean =>
  [before, after].every((one) => one === undefined || isJudgeOf(by, one))

export const asksOfAccounts = (by: Pick<StaffActor, 'role'>): boolean => may(by.role, 'account:manage')

export const makesAuditor = ({ before, after }: OfAccount): boolean => (after ?? before)?.role === 'auditor'

export interface WaitingAccount {
  readonly decidesFrom: Instant
}

/** Tells whether an account is in its waiting period: it was made, reset or changed a short time ago, and only reads. */
export const isInWaitingPeriod = ({ decidesFrom }: WaitingAccount, now: Instant): boolean => decidesFrom > now

/** The permissions in an account's waiting period: these only read. An act without one is about the own account. */
const READING: readonly Permission[] = [
  'case:read',
  'case:disclose',
  'order:read',
  'audit:read',
  'alert:acknowledge',
  'message:read',
  'survey:read',
  'voice:read',
  'imei:check_list',
  'book:take',
]

/** Tells whether an act that asks for `permission` is refused now because the account is in its waiting period. */
export const isRefusedWhileWaiting = (
  account: WaitingAccount,
  permission: Permission | undefined,
  now: Instant,
): boolean => permission !== undefined && !READING.includes(permission) && isInWaitingPeriod(account, now)

/**
 * Acts that the audit log takes from an account in its waiting period. The database refuses every other one, but for those
 * on the own account and session (the function refuse_while_waiting).
 */
export const ACTS_WHILE_WAITING: readonly AuditAct[] = [
  'case.open',
  'case.search',
  'case.disclose',
  'objection.open',
  'objection.disclose',
  'evidence.open_original',
  'evidence.turn',
  'check.list',
  // Done by a job, for a file that was confirmed before.
  'case.import',
  'alert.acknowledge',
  'audit.take_proof',
  'audit.take_story',
]
