import type { PrismaClient } from '#generated/prisma/client.ts'

export { connect } from '#platform/db.ts'

/**
 * Sets the database that the product's own loaders and commands ask in this process, by replacing the client of
 * platform/db.ts. So one process can ask two databases in turn. null removes the client.
 */
export function answerFrom(client: PrismaClient | null): void {
  const shared = globalThis as { antamDb?: PrismaClient }
  if (client === null) delete shared.antamDb
  else shared.antamDb = client
}
