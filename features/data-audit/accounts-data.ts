import '#server-only'
import { compareAll } from './compare-data.ts'
import type { DataCheck } from './rules.ts'

/**
 * Compares each account (post, waiting time, address, password, second factor, passkeys, recovery codes) with its newest entry.
 */
export const accountsCheck: DataCheck = {
  name: 'accounts',
  run: (of) =>
    compareAll(of, 'account', {
      what: 'account',
      ids: 'SELECT id::text AS id FROM staff_accounts ORDER BY 1',
    }),
}

/** Compares each carrier's API keys with the entry of the last one that was issued or revoked. */
export const keysCheck: DataCheck = {
  name: 'carriers with API keys',
  run: (of) =>
    compareAll(of, 'carrier', {
      what: 'carrier',
      ids: `SELECT id FROM carriers c WHERE EXISTS (SELECT FROM carrier_keys k WHERE k.carrier_id = c.id)
        OR EXISTS (SELECT FROM audit_entries e WHERE e.subject_kind = 'carrier' AND e.subject_id = c.id AND e.facts ? 'record')
        ORDER BY 1`,
      mustExist: 'SELECT id FROM carriers',
    }),
}

/** Compares each carrier's acknowledged sequence with its newest entry. */
export const acknowledgementsCheck: DataCheck = {
  name: 'acknowledgements',
  async run({ read, fault }) {
    const all = await read<{ carrier: string; seq: string; entry: string | null; said: string | null }>(
      `SELECT c.id AS carrier, c.acked_seq::text AS seq, last.id::text AS entry, coalesce(last.said, '0') AS said
       FROM carriers c LEFT JOIN LATERAL (
         SELECT e.id, e.facts->>'upTo' AS said FROM audit_entries e
         WHERE e.subject_kind = 'carrier' AND e.subject_id = c.id AND e.act = 'carrier.acknowledge' ORDER BY e.id DESC LIMIT 1
       ) last ON true ORDER BY c.id`,
    )
    for (const { carrier, seq, entry, said } of all)
      if (seq !== said)
        fault(
          `carrier ${carrier} has acknowledged ${seq} lines, and ${entry === null ? 'no entry says any' : `entry ${entry} says ${said}`}`,
        )
    return all.length
  },
}

/** Compares the state and time of each answered order with the entry of its answer. */
export const ordersCheck: DataCheck = {
  name: 'answered orders',
  async run({ read, since, fault }) {
    let [after, count] = ['00000000-0000-0000-0000-000000000000', 0]
    for (;;) {
      const rows = await read<{ id: string; state: string; entry: string | null; wrong: boolean }>(
        `SELECT o.id::text, o.state::text, last.id::text AS entry,
           (last.id IS NULL OR last.said <> o.state::text OR last.at IS DISTINCT FROM o.settled_at) AS wrong
         FROM carrier_orders o LEFT JOIN LATERAL (
           SELECT e.id, e.at, e.facts->>'to' AS said FROM audit_entries e
           WHERE e.subject_kind = 'order' AND e.subject_id = o.id::text AND e.act = 'order.result'
             AND e.facts->>'from' <> e.facts->>'to' ORDER BY e.id DESC LIMIT 1
         ) last ON true
         WHERE o.id > $1::uuid AND o.state IN ('applied', 'failed') AND ($2::bigint IS NULL OR EXISTS (
           SELECT FROM audit_entries e WHERE e.subject_kind = 'order' AND e.subject_id = o.id::text AND e.id > $2::bigint))
         ORDER BY o.id LIMIT 1000`,
        [after, since],
      )
      for (const { id, state, entry, wrong } of rows)
        if (wrong)
          fault(
            `order ${id} is ${state}, or since another time, than ${entry === null ? 'any entry says' : `entry ${entry} says`}`,
          )
      count += rows.length
      after = rows.at(-1)?.id ?? after
      if (rows.length < 1000) return count
    }
  },
}
