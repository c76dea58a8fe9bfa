import type { Permission } from './roles.ts'

/**
 * The people who may open a page or a handler, which exports it as `access`: people with a permission, signed-in people, holders
 * of a link, cookie or key that names what it opens, anybody, or nobody if production has no such page. docs/permissions.md is
 * made from it.
 */
export type Access = Permission | 'anybody' | 'signed in' | 'nobody' | `holder of ${string}`
