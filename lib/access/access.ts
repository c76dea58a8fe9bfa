import type { Permission } from './roles.ts'

/**
 * The people who may open a page or a handler, which exports it as `access`: people with a permission, signed-in
 * people, holders of a thing that names what it opens (a link, a cookie, a key), anybody, or nobody, where there is no
 * such page in production. docs/permissions.md is made from it.
 */
export type Access = Permission | 'anybody' | 'signed in' | 'nobody' | `holder of ${string}`
