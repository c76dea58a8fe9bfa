import type { PrismaClient } from '#generated/prisma/client.ts'

export { connect } from '#platform/db.ts'

/**
 * Lets the product's own loaders and commands, in this process, ask that database: platform/db.ts keeps its
 * client there. So one process can ask two databases in turn. null: none.
 */
export function answerFrom(client: PrismaClient | null): void {
  const shared = globalThis as { antamDb?: PrismaClient }
  if (client === null) delete shared.antamDb
  else shared.antamDb = client
}
