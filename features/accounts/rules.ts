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

/** Returns what is wrong with a post, or null. A role needs its own kind of place and no other. */
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
/** For a reset, an enabling or a disabling, which leave the post as it is. */
export const accountOnly = z.object({ accountId: z.uuid(), before: post })
export const accountChange = z.object({ accountId: z.uuid(), before: post, after: post })
export const accountEmail = z.object({ accountId: z.uuid(), before: post, email: z.string() })

type Person = Pick<StaffActor, 'role' | 'unitId' | 'serves' | 'carrierId'>
interface OfAccount {
  readonly before?: Post
  readonly after?: Post
}

const OF_A_UNIT: readonly StaffRole[] = ['officer', 'supervisor']

/** Checks whether a person may confirm changes of accounts with this post: admins all, others those they work with (ADR 102). */
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

/** Checks whether a person may confirm a change of an account: they must be allowed both its old and its new post. */
export const judgesAccount = (by: Person, { before, after }: OfAccount): boolean =>
  [before, after].every((one) => one === undefined || isJudgeOf(by, one))

export const asksOfAccounts = (by: Pick<StaffActor, 'role'>): boolean => may(by.role, 'account:manage')

export const makesAuditor = ({ before, after }: OfAccount): boolean => (after ?? before)?.role === 'auditor'

export interface WaitingAccount {
  readonly decidesFrom: Instant
}

/** Checks for the waiting period: for some time after it is made, reset or changed, an account can only read. */
export const isInWaitingPeriod = ({ decidesFrom }: WaitingAccount, now: Instant): boolean => decidesFrom > now

/** Permissions that remain in the waiting period, because they only read. Acts without a permission concern the own account. */
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

export const isRefusedWhileWaiting = (
  account: WaitingAccount,
  permission: Permission | undefined,
  now: Instant,
): boolean => permission !== undefined && !READING.includes(permission) && isInWaitingPeriod(account, now)

/** Acts that the audit log accepts from an account in its waiting period (the function refuse_while_waiting). */
export const ACTS_WHILE_WAITING: readonly AuditAct[] = [
  'case.open',
  'case.search',
  'case.disclose',
  'objection.open',
  'objection.disclose',
  'evidence.open_original',
  'evidence.turn',
  'check.list',
  // Done by a job, for a file that was confirmed before the waiting period.
  'case.import',
  'alert.acknowledge',
  'audit.take_proof',
  'audit.take_story',
]
