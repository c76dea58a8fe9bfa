import type { Permission } from './roles.ts'

/**
 * Says who may come in by a page or a handler, which exports it as `access`: people with a permission, people who are
 * signed in, holders of a thing that names what it opens (a link, a cookie, a key), anybody, or nobody, as there is
 * nothing in production. docs/permissions.md is made from it.
 */
export type Access = Permission | 'anybody' | 'signed in' | 'nobody' | `holder of ${string}`
