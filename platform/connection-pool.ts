import '#server-only'
import { AsyncLocalStorage } from 'node:async_hooks'
import pg from 'pg'
import { asOverload } from './overload.ts'
import { asPooler, refusePooler } from './pooler.ts'

// One for all copies of this module: the pool lives longer than one of them.
const shared = globalThis as {
  antamScope?: AsyncLocalStorage<string>
  antamTransaction?: AsyncLocalStorage<TransactionConnection>
}
shared.antamScope ??= new AsyncLocalStorage()
shared.antamTransaction ??= new AsyncLocalStorage()

/** The scope that a connection has to declare for the work at hand: see scope.ts. */
export const scopeInForce = shared.antamScope
const transactionAtHand = shared.antamTransaction

const NONE = ''

/**
 * Holds a transaction's connection: the first that is taken while `work` runs. Once it is back in the pool, another
 * transaction may use it, so from then on this one refuses.
 */
export class TransactionConnection {
  #taken = false
  #connection: pg.PoolClient | null = null

  static run<T>(work: (transaction: TransactionConnection) => Promise<T>): Promise<T> {
    const transaction = new TransactionConnection()
    return transactionAtHand.run(transaction, () => work(transaction))
  }

  take(connection: pg.PoolClient): void {
    if (this.#taken) return
    this.#taken = true
    this.#connection = connection
    connection.once(GIVEN_BACK, () => {
      this.#connection = null
    })
  }

  /** Runs a statement on that connection, in its turn. @throws once the transaction has ended */
  query(statement: pg.QueryConfig): Promise<pg.QueryResult> {
    if (this.#connection === null) throw new Error('the transaction has ended, or never began')
    return this.#connection.query(statement)
  }
}

/** The event of a connection that comes back to the pool. */
const GIVEN_BACK = 'antam:given-back'

/** The scope that each connection has declared last. */
const declared = new WeakMap<pg.PoolClient, string>()

type Taken = (
  error: Error | undefined,
  client: pg.PoolClient | undefined,
  done: (err?: Error | boolean) => void,
) => void

/** Makes statements fail as `Overloaded` where their connection is lost under them, like those that found none. */
function overloadWhenLost(of: { query: unknown }): void {
  const kind: { readonly query: (...args: unknown[]) => unknown } = Object.getPrototypeOf(of)
  of.query = (...args: unknown[]) => {
    const asked = kind.query.apply(of, args)
    if (!(asked instanceof Promise)) return asked
    return asked.catch((error: unknown) => {
      throw asOverload(error)
    })
  }
}

/** Holds what pg's pool keeps: those who wait, the first of them first, and the connections that nobody has, the last taken next. */
interface Kept {
  readonly _pendingQueue?: { antamScope?: string }[]
  readonly _idle?: { readonly client: pg.PoolClient }[]
}

/**
 * Declares the scope in force on each connection before it is handed out, where it is another than its last. Of those that
 * nobody has, it takes one that has declared the scope already: else half of a page's statements would be declarations.
 */
export class ScopedPool extends pg.Pool {
  /** Is called by pg where somebody may be handed a connection. Under another name of pg's the pool takes any. */
  _pulseQueue(): void {
    const { _pendingQueue: waiting, _idle: idle } = this as Kept
    const scope = waiting?.[0]?.antamScope
    const at = idle?.findLastIndex(({ client }) => (declared.get(client) ?? NONE) === scope) ?? -1
    if (idle && at >= 0) idle.push(...idle.splice(at, 1))
    Reflect.get(pg.Pool.prototype, '_pulseQueue').call(this)
  }

  constructor(config: pg.PoolConfig) {
    // pg waits for this before it hands the connection out, although its type does not say so.
    super({ ...config, onConnect: refusePooler as (client: pg.ClientBase) => void })
    overloadWhenLost(this)
    this.on('connect', overloadWhenLost)
    // A connection that ends between the pool and its taker would end the process, as nothing listens to it there. The
    // taker finds out with the next statement.
    this.on('connect', (client) => client.on('error', () => {}))
    this.on('release', (_error, client) => client.emit(GIVEN_BACK))
  }

  override connect(): Promise<pg.PoolClient>
  override connect(taken: Taken): void
  override connect(taken?: Taken): Promise<pg.PoolClient> | undefined {
    // Read now: a connection is handed out in the asynchronous context of the one that gave it back.
    const scope = scopeInForce.getStore() ?? NONE
    const transaction = transactionAtHand.getStore()
    const free = super.connect()
    const place = (this as Kept)._pendingQueue?.at(-1)
    if (place) place.antamScope ??= scope
    const client = free.then(
      async (given) => {
        const ready = await declare(given, scope)
        transaction?.take(ready)
        return ready
      },
      (error: unknown) => {
        throw asOverload(asPooler(error))
      },
    )
    if (!taken) return client
    void client.then(
      (ready) => taken(undefined, ready, ready.release),
      (error: Error) => taken(error, undefined, () => {}),
    )
  }
}

async function declare(client: pg.PoolClient, scope: string): Promise<pg.PoolClient> {
  if ((declared.get(client) ?? NONE) === scope) return client
  try {
    await client.query({
      name: 'scope',
      text: "SELECT set_config('antam.scope', $1, false)",
      values: [scope],
    })
    declared.set(client, scope)
    return client
  } catch (error) {
    // What it has declared is unknown now: it is closed.
    client.release(true)
    throw error
  }
}
