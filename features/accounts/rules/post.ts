import type { StaffRole } from '#lib/access/roles.ts'

/** The work that a person does here, and for whom. */
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

/** Returns the post of an account alone, without what else its row has. */
export const postOf = ({ role, unitId, agencyId, carrierId }: Post): Post => ({
  role,
  unitId,
  agencyId,
  carrierId,
})
