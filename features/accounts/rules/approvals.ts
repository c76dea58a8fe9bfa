import { z } from 'zod'
import { type StaffActor, unitsServed } from '#lib/access/actor.ts'
import { may, STAFF_ROLES, type StaffRole } from '#lib/access/roles.ts'
import type { Post } from './post.ts'

const place = z.string().nullable()
const post = z.object({ role: z.enum(STAFF_ROLES), unitId: place, agencyId: place, carrierId: place })

/** A new account. */
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

/** Tells whether the account is an auditor's afterwards. */
export const makesAuditor = ({ before, after }: OfAccount): boolean => (after ?? before)?.role === 'auditor'
