import '#server-only'
import { fromPrisma, PgBoss, type SendOptions } from 'pg-boss'
import { db, type Tx } from './db.ts'

/** Every queue, with what its jobs carry. A job holds ids, never anything personal. */
export interface Queues {
  readonly 'notice-send': { readonly id: string }
  readonly 'case-settle': { readonly caseId: string }
  readonly 'evidence-derive': { readonly id: string }
  /** Each minute: withdrawals, expiries, drafts and whatever else a clock ends. */
  readonly clocks: Record<string, never>
}
export type QueueName = keyof Queues

/** Where a job goes that failed for good, to be looked at by a person. */
export const DEAD_LETTERS = 'dead-letters'

/** How each queue behaves; made by `npm run db:migrate`. Seconds throughout. */
export const QUEUE_OPTIONS: Record<QueueName, Record<string, unknown>> = {
  'notice-send': {
    retryLimit: 12,
    retryDelay: 5,
    retryBackoff: true,
    retryDelayMax: 3600,
    heartbeatSeconds: 10,
  },
  'case-settle': {
    retryLimit: 20,
    retryDelay: 1,
    retryBackoff: true,
    retryDelayMax: 60,
    heartbeatSeconds: 10,
  },
  'evidence-derive': { retryLimit: 3, retryDelay: 2, retryBackoff: true, heartbeatSeconds: 10 },
  clocks: { policy: 'singleton', retryLimit: 0, heartbeatSeconds: 10 },
}

const shared = globalThis as { antamBoss?: PgBoss }

/** Sends only: it needs no start, no schema rights and no connection of its own. It looks a queue up once. */
const sender = (): PgBoss => {
  shared.antamBoss ??= new PgBoss({
    db: fromPrisma(db),
    migrate: false,
    createSchema: false,
    supervise: false,
    schedule: false,
  })
  return shared.antamBoss
}

/** Adds a job in the transaction of the change that asks for it: kept with it, rolled back with it. */
export async function enqueue<Q extends QueueName>(
  tx: Tx,
  queue: Q,
  data: Queues[Q],
  options: SendOptions = {},
): Promise<void> {
  await sender().send(queue, data, { ...options, db: fromPrisma(tx) })
}
