import { randomInt, randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { giveSharing } from '#features/alerts/consents/acts.ts'
import { receiverKeyHash } from '#features/alerts/receivers/data.ts'
import { decideCase } from '#features/cases/decisions/acts.ts'
import { IMEI_CHECKS } from '#features/cases/proof/rules.ts'
import { issueCarrierKey } from '#features/exchange/keys/acts.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { citizenScope } from '#lib/access/scope.ts'
import { transaction } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import { must } from '#tests/must.ts'
import { runReceiver } from '../tools/carriers/receiver.ts'
import { type Bed, startCarriers, startWeb, startWorker } from './bed.ts'
import { answerFrom, connect } from './connection.ts'
import { type Bench, interleave, ratio } from './measure.ts'

/** Cases that are approved while the carriers are away, with five orders each. */
const BACKLOG = Number(process.env.BENCH_DISPATCH ?? 20_000)
const ROUNDS = 5
const ROUND = 100
/** Supervisors who approve at the same time, or citizens who consent that a bank is told. */
const AT_ONCE = 4
const BANK = 'momo'
/** The alerts of a verified case: its phone is reported, and police have verified it. */
const EVENTS = 2
/** Approvals made one by one, `PAUSE_MS` apart. */
const UNHURRIED = 30
const PAUSE_MS = 500
/** Cases kept for approvals during the drain, more than any drain needs. */
const MOST_NEW = 5_000
const CARRIERS = 5
const MINUTE_S = 60
/** Cases of the backlog that are approved per hour. */
const AN_HOUR = 500

interface Waiting {
  readonly id: string
  readonly number: string
  readonly version: number
  /** The number of its IMEIs; the checklist asks about each. */
  readonly imeis: number
  readonly approver: StaffActor
}

async function approve({ number, version, imeis, approver }: Waiting): Promise<void> {
  const numbers = IMEI_CHECKS.slice(0, imeis).map((field) => [field, 'yes'] as const)
  const input = {
    number,
    version,
    submitKey: randomUUID(),
    decision: 'approve',
    reason: 'Đủ giấy tờ.',
    check: { ...Object.fromEntries(numbers), checkName: 'yes', checkDevice: 'yes' },
  } as const
  must(await decideCase(approver, input, new Date()))
}

/** Gives the citizen's consent that a bank is told of the case. */
async function share({ id }: Waiting): Promise<void> {
  const shareNumber = `090${String(randomInt(10_000_000)).padStart(7, '0')}`
  const wish = { caseId: id, share: [BANK], shareNumber, submitKey: randomUUID() }
  must(await giveSharing(citizenScope(id, 'full'), wish, new Date()))
}

/** Runs `work` for all cases, some in parallel; returns the seconds. */
async function toAll(cases: readonly Waiting[], work: (one: Waiting) => Promise<void>): Promise<number> {
  const left = cases.values()
  const started = performance.now()
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const next of left) await work(next)
    }),
  )
  return (performance.now() - started) / 1000
}

/** Seconds. */
interface Waits {
  readonly count: number
  readonly median: number
  readonly p95: number
  readonly most: number
}

class Book {
  readonly #client: pg.Client

  constructor(client: pg.Client) {
    this.#client = client
  }

  static async open(ownerUrl: string): Promise<Book> {
    const client = new pg.Client({ connectionString: ownerUrl })
    await client.connect()
    await client.query(`SET antam.scope = 'system'`)
    return new Book(client)
  }

  async waiting(most: number): Promise<Waiting[]> {
    const { rows } = await this.#client.query<
      Omit<Waiting, 'approver'> & { area: string; by: string; name: string }
    >(
      `SELECT c.id, c.number, c.version, c.unit_id AS area, a.id AS by, a.name,
         (SELECT count(*)::int FROM case_imeis i WHERE i.case_id = c.id) AS imeis
       FROM cases c JOIN staff_accounts a ON a.unit_id = c.unit_id AND a.role = 'supervisor'
       WHERE c.state = 'verified' ORDER BY c.id LIMIT $1`,
      [most],
    )
    await this.#opened(rows)
    const none = { agencyId: null, carrierId: null } as const
    return rows.map(({ id, number, version, imeis, area, by, name }) => ({
      ...{ id, number, version, imeis },
      approver: { kind: 'staff', id: by, name, role: 'supervisor', unitId: area, ...none },
    }))
  }

  /**
   * Adds to each case a file that its supervisor has opened, and the first person's findings: without them an approval is
   * refused.
   */
  async #opened(cases: readonly { readonly id: string; readonly by: string; readonly area: string }[]) {
    const each = [cases.map(({ id }) => id), cases.map(({ by }) => by), cases.map(({ area }) => area)]
    await this.#client.query(
      `INSERT INTO evidence (id, case_id, kind, state, sealed, media_type, byte_size, sha256, original_key, created_at)
       SELECT gen_random_uuid(), id, 'invoice', 'ready', '', 'image/jpeg', 1, sha256(id::text::bytea), id::text, now()
       FROM unnest($1::uuid[]) AS id WHERE NOT EXISTS (SELECT FROM evidence e WHERE e.case_id = id)`,
      [each[0]],
    )
    await this.#client.query(
      `INSERT INTO disclosures (id, case_id, account_id, session_id, role, unit_id, reason, opened_at, until, proof_version)
       SELECT gen_random_uuid(), id, by, by, 'supervisor', area, 'ownership', now(), now(), k.proof_version
       FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS w (id, by, area) JOIN case_keys k ON k.case_id = id`,
      each,
    )
    await this.#client.query(
      `INSERT INTO proof_checks (case_id, seq, move, account_id, unit_id, opened_at, decided_at, imei, name, device)
       SELECT e.case_id, e.seq, 'verify', c.verified_by_id, c.unit_id, now(), now(), 'yes', 'yes', 'yes'
       FROM cases c JOIN case_events e ON e.case_id = c.id AND e.move = 'verify' WHERE c.id = ANY ($1::uuid[])`,
      [each[0]],
    )
  }

  /** Makes their orders an hour older, because the guard counts all younger ones, even though it has no limit here. */
  async age(cases: readonly Waiting[]): Promise<void> {
    await this.#client.query(
      `UPDATE carrier_orders SET issued_at = issued_at - interval '1 hour' WHERE case_id = ANY($1::uuid[])`,
      [cases.map(({ id }) => id)],
    )
  }

  /** Waits until all orders before an instant are applied and their cases are blocked. */
  async settled(before = new Date()): Promise<void> {
    for (;;) {
      const { rows } = await this.#client.query<{ open: boolean }>(
        `SELECT EXISTS (SELECT FROM carrier_orders
             WHERE state IN ('queued', 'sent', 'acknowledged', 'failed') AND issued_at <= $1)
           OR EXISTS (SELECT FROM cases WHERE state = 'blocking' AND approved_at <= $1) AS open`,
        [before],
      )
      if (!rows[0]?.open) return
      await sleep(20)
    }
  }

  /** Waits until the bank has read its alerts of these cases, and answered each report. */
  async answered(cases: readonly Waiting[]): Promise<void> {
    for (;;) {
      const { rows } = await this.#client.query<{ done: number }>(
        `SELECT count(*)::int AS done FROM bank_alerts a JOIN alert_consents c ON c.id = a.consent_id
         WHERE c.case_id = ANY($1::uuid[]) AND a.given_at IS NOT NULL AND (a.event <> 'reported' OR a.outcome IS NOT NULL)`,
        [cases.map(({ id }) => id)],
      )
      if (rows[0]?.done === EVENTS * cases.length) return
      await sleep(20)
    }
  }

  /**
   * Returns the seconds that these cases' orders waited for their carriers' results, and that the cases waited to be
   * blocked: from their approval, and from their last carrier's result.
   */
  async waits(cases: readonly Waiting[]): Promise<Readonly<Record<'orders' | 'cases' | 'settling', Waits>>> {
    const { rows } = await this.#client.query<Waits & { what: 'orders' | 'cases' | 'settling' }>(
      `WITH waits AS (
         SELECT 'orders' AS what, settled_at - issued_at AS wait FROM carrier_orders
         WHERE case_id = ANY($1::uuid[]) AND state = 'applied'
         UNION ALL
         SELECT 'cases', blocked_at - approved_at FROM cases WHERE id = ANY($1::uuid[]) AND state = 'blocked'
         UNION ALL
         SELECT 'settling', blocked_at - (SELECT max(settled_at) FROM carrier_orders WHERE case_id = c.id)
         FROM cases c WHERE id = ANY($1::uuid[]) AND state = 'blocked'
       )
       SELECT what, count(*)::int AS count, extract(epoch FROM max(wait))::float8 AS most,
         extract(epoch FROM percentile_cont(0.5) WITHIN GROUP (ORDER BY wait))::float8 AS median,
         extract(epoch FROM percentile_cont(0.95) WITHIN GROUP (ORDER BY wait))::float8 AS p95
       FROM waits GROUP BY what`,
      [cases.map(({ id }) => id)],
    )
    const of = (what: string, count: number): Waits => {
      const found = rows.find((row) => row.what === what)
      if (found?.count !== count) throw new Error(`${found?.count ?? 0} ${what} of ${count} came through`)
      return found
    }
    return {
      orders: of('orders', cases.length * CARRIERS),
      cases: of('cases', cases.length),
      settling: of('settling', cases.length),
    }
  }

  close = () => this.#client.end()
}

async function issueKeys(): Promise<Map<string, string>> {
  const keys = new Map<string, string>()
  for (const carrier of ['viettel', 'vinaphone', 'mobifone', 'vietnamobile', 'gmobile'])
    keys.set(carrier, await transaction((tx) => issueCarrierKey(tx, carrier, { kind: 'system' }, new Date())))
  return keys
}

async function startBank(url: string): Promise<() => Promise<void>> {
  const apiKey = `bench-${randomUUID()}`
  const key = { id: randomUUID(), keyHash: receiverKeyHash(apiKey), createdAt: new Date() }
  await transaction(async (tx) => {
    await tx.alertReceiver.createMany({ data: [{ id: BANK, addedAt: new Date() }], skipDuplicates: true })
    await tx.receiverKey.create({ data: { ...key, receiverId: BANK }, select: { id: true } })
  })
  const stop = new AbortController()
  const running = runReceiver({
    ...{ name: BANK, baseUrl: url, apiKey, directory: tmpdir(), stop: stop.signal },
  })
  return () => {
    stop.abort()
    return running
  }
}

const told = ({ median, p95, most }: Waits): string =>
  [median, p95, most].map((value) => `${value.toFixed(2)} s`).join(', ')

/**
 * Measures approvals by the product's own command, with a web server, a worker, and five carriers that pull over HTTP:
 * from an approval to the last carrier's result. Beside them it measures alerts, from a citizen's consent to the bank's
 * answer. Then the carriers are away while a backlog grows, and come back.
 */
export async function dispatch(bed: Bed): Promise<Bench> {
  const needed = 3 * (ROUNDS + 1) * ROUND + UNHURRIED + BACKLOG + MOST_NEW
  const database = await bed.verified(needed)
  const book = await Book.open(bed.ownerUrl(database))
  const db = connect(database)
  answerFrom(db)
  const waiting = await book.waiting(needed)
  const take = (count: number) => waiting.splice(0, count)
  process.env.ALERTS = 'on'
  Object.assign(env(), { ALERTS: 'on' })
  const web = await startWeb(database)
  const worker = await startWorker(database)
  const carriers = startCarriers(web.url, await issueKeys())
  const stopBank = await startBank(web.url)
  try {
    const rates = await interleave(ROUNDS, {
      product: async () => {
        const started = performance.now()
        await toAll(take(ROUND), approve)
        await book.settled()
        return (CARRIERS * ROUND * 1000) / (performance.now() - started)
      },
      baseline: async () => {
        carriers.pause()
        const took = await toAll(take(ROUND), approve)
        carriers.resume()
        await book.settled()
        return (CARRIERS * ROUND) / took
      },
      alerts: async () => {
        const cases = take(ROUND)
        const started = performance.now()
        await toAll(cases, share)
        await book.answered(cases)
        return (EVENTS * ROUND * 1000) / (performance.now() - started)
      },
    })
    const unhurried = take(UNHURRIED)
    for (const one of unhurried) {
      await approve(one)
      await sleep(PAUSE_MS)
    }
    await book.settled()

    carriers.pause()
    const flood = take(BACKLOG)
    let approving = 0
    for (let from = 0; from < flood.length; from += AN_HOUR) {
      const hour = flood.slice(from, from + AN_HOUR)
      approving += await toAll(hour, approve)
      await book.age(hour)
    }
    carriers.resume()
    const started = performance.now()
    let drain = 0
    const meanwhile: Waiting[] = []
    const drained = async () => {
      await book.settled()
      drain = (performance.now() - started) / 1000
    }
    const goOnApproving = async () => {
      for (const next of waiting) {
        if (drain > 0) return
        await approve(next)
        meanwhile.push(next)
        await sleep(PAUSE_MS)
      }
      throw new Error('the backlog does not drain')
    }
    await Promise.all([drained(), goOnApproving()])
    await book.settled()
    const [calm, busy, flooded] = [
      await book.waits(unhurried),
      await book.waits(meanwhile),
      await book.waits(flood),
    ]
    const most = { product: [busy.orders.most], baseline: [drain] }
    return {
      name: 'dispatch',
      figures: [
        ratio('orders from approval to applied', 'orders/s', rates, null),
        ratio(
          'alerts from consent to answered, beside orders from approval to applied',
          'a second',
          { product: rates.alerts, baseline: rates.product },
          null,
        ),
        ratio('longest wait of a new order behind the backlog, beside its drain', 's', most, { atMost: 1 }),
        {
          what: 'a case approved meanwhile, from its last carrier to blocked, at most; beside a minute',
          unit: 's',
          product: busy.settling.most,
          baseline: MINUTE_S,
          compared: busy.settling.most / MINUTE_S,
          comparison: 'ratio',
          target: { atMost: 1 },
        },
      ],
      facts: {
        'orders at once': BACKLOG * CARRIERS,
        'their approval': `${approving.toFixed(1)} s, ${Math.round(BACKLOG / approving)} cases a second`,
        'their drain': `${drain.toFixed(1)} s, ${Math.round((BACKLOG * CARRIERS) / drain)} orders a second`,
        'an order, nobody hurrying (median, 95th percentile, most)': told(calm.orders),
        'a case, nobody hurrying': told(calm.cases),
        [`an order, ${meanwhile.length} cases approved during the drain`]: told(busy.orders),
        'a case, during the drain': told(busy.cases),
        'its own move, from its last carrier to blocked': told(busy.settling),
        'the same of a case of the backlog': told(flooded.settling),
      },
    }
  } finally {
    answerFrom(null)
    await Promise.all([carriers.stop(), stopBank()])
    await Promise.all([worker.stop(), web.stop(), book.close(), db.$disconnect()])
  }
}
