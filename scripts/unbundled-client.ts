/**
 * Replaces #generated/prisma/client.ts in a build (next.config.js): Node loads the client from its own file, once per
 * process. Otherwise each route handler's bundle would contain a copy of 1.1 MB.
 */
import { createRequire } from 'node:module'
import { resolve } from 'node:path'

const load = createRequire(resolve('package.json'))
const client: typeof import('#generated/prisma/client.ts') = load('./generated/prisma/client.ts')

export const { Prisma, PrismaClient } = client
