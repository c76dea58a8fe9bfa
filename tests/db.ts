import { PrismaPg } from '@prisma/adapter-pg'
import { PrismaClient } from '#generated/prisma/client.ts'
import { systemScope } from '#lib/access/scope.ts'
import { type Tx, transaction as transactionInForce } from '#platform/db.ts'
import { inScope } from '#platform/scope.ts'

/**
 * Reads and fills the database for a test, with the application's rights and every row visible. The product's
 * own client sees no case outside of a scope, so a test fails if product code forgets its scope.
 */
export const db = new PrismaClient({
  adapter: new PrismaPg({
    connectionString: process.env.DATABASE_URL,
    options: '-c timezone=UTC -c antam.scope=system',
  }),
})

/** Runs work in a transaction of the product, as one of its jobs would. */
export const transaction = <T>(work: (tx: Tx) => Promise<T>): Promise<T> =>
  inScope(systemScope(), () => transactionInForce(work))
