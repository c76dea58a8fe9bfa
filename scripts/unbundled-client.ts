/**
 * Stands in a build for #generated/prisma/client.ts (next.config.js): Node loads the client from where it lies, once for
 * all of a process, where each route handler's bundle would have a copy of it, which is 1.1 MB.
 */
import { createRequire } from 'node:module'
import { resolve } from 'node:path'

const load = createRequire(resolve('package.json'))
const client: typeof import('#generated/prisma/client.ts') = load('./generated/prisma/client.ts')

export const { Prisma, PrismaClient } = client
