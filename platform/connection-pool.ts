import '#server-only'
import { AsyncLocalStorage } from 'node:async_hooks'
import pg from 'pg'
import { asOverload } from './overload.ts'
import { asPooler, refusePooler } from './pooler.ts'

// One for all copies of this module, because the pool outlives each copy.
const shared = globalThis as {
  antamScope?: AsyncLocalStorage<string>
  antamTransaction?: AsyncLocalStorage<TransactionConnection>
}
shared.antamScope ??= new AsyncLocalStorage()
shared.antamTransaction ??= new AsyncLocalStorage()

/** The scope that a connection must declare for the current work; see scope.ts. */
export const scopeInForce = shared.antamScope
const transactionAtHand = shared.antamTransaction

const NONE = ''

/**
 * Keeps a transaction's connection: the first one taken while `work` runs. It refuses statements after the connection is back
 * in the pool, because another transaction may use it then.
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

  /** Runs a statement on that connection, in order. @throws if the transaction has ended */
  query(statement: pg.QueryConfig): Promise<pg.QueryResult> {
    if (this.#connection === null) throw new Error('the transaction has ended, or never began')
    return this.#connection.query(statement)
  }
}

const GIVEN_BACK = 'antam:given-back'

/** The scope that each connection declared last. */
const declared = new WeakMap<pg.PoolClient, string>()

type Taken = (
  error: Error | undefined,
  client: pg.PoolClient | undefined,
  done: (err?: Error | boolean) => void,
) => void

/** Makes a statement fail as `Overloaded` if it loses its connection, as a statement that gets no connection does. */
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

/**
 * Internal fields of pg's pool: the waiting requests, oldest first, and the idle connections, of which the last is taken next.
 */
interface Kept {
  readonly _pendingQueue?: { antamScope?: string }[]
  readonly _idle?: { readonly client: pg.PoolClient }[]
}

/**
 * Declares the current scope on each connection before handing it out, if the connection's last scope differs. Prefers an idle
 * connection that already has the scope; otherwise half of a page's statements would be declarations.
 */
export class ScopedPool extends pg.Pool {
  /** Called by pg when it may hand out a connection. If pg renames it, the pool takes any idle connection. */
  _pulseQueue(): void {
    const { _pendingQueue: waiting, _idle: idle } = this as Kept
    const scope = waiting?.[0]?.antamScope
    const at = idle?.findLastIndex(({ client }) => (declared.get(client) ?? NONE) === scope) ?? -1
    if (idle && at >= 0) idle.push(...idle.splice(at, 1))
    Reflect.get(pg.Pool.prototype, '_pulseQueue').call(this)
  }

  constructor(config: pg.PoolConfig) {
    // pg waits for this before it hands out the connection, although its type does not say so.
    super({ ...config, onConnect: refusePooler as (client: pg.ClientBase) => void })
    overloadWhenLost(this)
    this.on('connect', overloadWhenLost)
    // If a connection ends between the pool and its user, nobody listens to the error, and it would end the process. The user
    // sees it with the next statement.
    this.on('connect', (client) => client.on('error', () => {}))
    this.on('release', (_error, client) => client.emit(GIVEN_BACK))
  }

  override connect(): Promise<pg.PoolClient>
  override connect(taken: Taken): void
  override connect(taken?: Taken): Promise<pg.PoolClient> | undefined {
    // Read here: pg hands out a connection in the asynchronous context of the request that returned it.
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
    // Its declared scope is unknown now, so it is closed.
    client.release(true)
    throw error
  }
}
