import '#server-only'
import { BESIDE_MS, CHAIN_START, caseText, lineText, sentLine } from '#features/exchange/book/rules.ts'
import type { EntryOutcome, OrderAction, OrderReason } from '#features/exchange/orders/rules.ts'
import { rowText } from '#features/exchange/results/rules.ts'
import { sha256 } from '#platform/signatures.ts'
import type { DataCheck, DataCheckRun } from './rules.ts'

const PAGE = 1_000

const hashOf = (text: string): string => Buffer.from(sha256(Buffer.from(text))).toString('hex')

interface Line {
  readonly seq: bigint
  readonly orderId: string
  readonly caseId: string | null
  readonly imei: string
  readonly action: OrderAction
  readonly reason: OrderReason
  readonly legalBasis: string
  readonly issuedAt: Date
  readonly expiresAt: Date | null
  readonly outcome: EntryOutcome | null
  readonly outcomeCode: string | null
  readonly outcomeAt: Date | null
  readonly chain: Uint8Array | null
}

async function* linesOf({ read }: DataCheckRun, carrierId: string, from: number): AsyncGenerator<Line[]> {
  for (let after = from; ; ) {
    const rows = await read<Line>(
      `SELECT b.seq, b.order_id AS "orderId", o.case_id AS "caseId", b.imei, b.action, b.reason,
         b.legal_basis AS "legalBasis", b.issued_at AS "issuedAt", b.expires_at AS "expiresAt", b.outcome,
         b.outcome_code AS "outcomeCode", b.outcome_at AS "outcomeAt", b.chain
       FROM book_entries b LEFT JOIN carrier_orders o ON o.id = b.order_id
       WHERE b.carrier_id = $1 AND b.seq > $2 ORDER BY b.seq LIMIT ${PAGE}`,
      [carrierId, after],
    )
    if (rows.length > 0) yield rows
    if (rows.length < PAGE) return
    after = Number(rows.at(-1)?.seq)
  }
}

/** Returns the entries of lines by sequence. Of several, returns the oldest, which was written with the line. */
async function entriesOf({ read }: DataCheckRun, carrierId: string, lines: readonly Line[]) {
  const rows = await read<{
    id: string
    order: string
    seq: string
    lineHash: string
    caseHash: string | null
  }>(
    `SELECT id::text, subject_id AS "order", facts->>'seq' AS seq, facts->>'lineHash' AS "lineHash",
       facts->>'caseHash' AS "caseHash"
     FROM audit_entries e WHERE subject_kind = 'order' AND subject_id = ANY ($1) AND act = 'order.line'
       AND facts->>'carrier' = $2 ORDER BY e.id DESC`,
    [[...new Set(lines.map(({ orderId }) => orderId))], carrierId],
  )
  return new Map(rows.map((row) => [row.seq, row]))
}

/**
 * Returns the books, and from which line on each is compared. If only newer entries are read, these are the lines that they
 * mention, and always the last thousand: a line inserted without the log has no entry.
 */
async function booksOf({ read, since }: DataCheckRun) {
  // `first`: the first line that an entry since then mentions.
  const books = await read<{ id: string; head: string; first: string | null }>(
    `SELECT c.id, c.book_head::text AS head, (
       SELECT min((e.facts->>'seq')::bigint)::text FROM audit_entries e
       WHERE e.act = 'order.line' AND e.facts->>'carrier' = c.id AND e.id > $1::bigint
     ) AS first FROM carriers c ORDER BY c.id`,
    [since ?? '0'],
  )
  return books.map(({ id, head, first }) => ({
    id,
    head: Number(head),
    from: since === null ? 0 : Math.max(0, Math.min(Number(first ?? head) - 1, Number(head) - PAGE)),
  }))
}

/** Compares each line of the carriers' books with its entry, each entry with the book, and the chains. */
export const bookLinesCheck: DataCheck = {
  name: 'book lines',
  async run(of) {
    const { read, since, fault, note } = of
    let [count, old] = [0, 0]
    const [begun] = await read<{ long: boolean }>(
      `SELECT at < now() - make_interval(secs => $1) AS long FROM audit_entries
       WHERE act = 'order.line' AND NOT facts ? 'later' ORDER BY at LIMIT 1`,
      [BESIDE_MS / 1000],
    )
    for (const { id, head, from } of await booksOf(of)) {
      let [last, chain] = [from, await chainAt(of, id, from)]
      for await (const lines of linesOf(of, id, from)) {
        const entries = await entriesOf(of, id, lines)
        for (const line of lines) {
          const what = `line ${line.seq} of ${id}`
          if (Number(line.seq) !== last + 1) fault(`${what} follows line ${last}: lines between are missing`)
          last = Number(line.seq)
          const hash = hashOf(lineText(sentLine({ ...line, seq: BigInt(line.seq) })))
          const entry = entries.get(String(line.seq))
          if (line.chain === null && !begun?.long) old++
          else if (!entry) fault(`${what} is in the book, and no entry says that it was ordered`)
          const caseHash = line.caseId && hashOf(caseText(line.caseId, line.orderId))
          if (entry && (entry.lineHash !== hash || entry.order !== line.orderId))
            fault(`${what} says something else than entry ${entry.id}`)
          else if (entry && entry.caseHash !== caseHash)
            fault(`${what} is of another case than entry ${entry.id} says`)
          const right = chain && sha256(chain, Buffer.from(hash, 'hex'))
          if (right && line.chain && Buffer.compare(right, line.chain) !== 0)
            fault(`${what}: its chain is not that of the book before it`)
          chain = line.chain
        }
        count += lines.length
      }
      if (last !== head) fault(`the book of ${id} ends at line ${last}, and its carrier is told ${head}`)
    }
    if (old > 0) note(`${old} lines of a release before entries said each are not brought up yet`)
    const gone = await read<{ id: string; carrier: string; seq: string }>(
      `SELECT e.id::text, e.facts->>'carrier' AS carrier, e.facts->>'seq' AS seq FROM audit_entries e
       WHERE e.act = 'order.line' AND e.id > $1::bigint AND NOT EXISTS (
         SELECT FROM book_entries b
         WHERE b.order_id = CASE WHEN e.subject_id ~ '^[0-9a-f-]{36}$' THEN e.subject_id::uuid END AND b.carrier_id = e.facts->>'carrier'
           AND b.seq = (e.facts->>'seq')::bigint)
       ORDER BY e.id`,
      [since ?? '0'],
    )
    for (const { id, carrier, seq } of gone)
      fault(`line ${seq} of ${carrier} is not in the book; entry ${id} says it`)
    return count
  },
}

/** Returns the chain value after a line; null if the line has none. */
async function chainAt({ read }: DataCheckRun, carrierId: string, seq: number): Promise<Uint8Array | null> {
  if (seq === 0) return CHAIN_START
  const [line] = await read<{ chain: Uint8Array | null }>(
    'SELECT chain FROM book_entries WHERE carrier_id = $1 AND seq = $2',
    [carrierId, seq],
  )
  return line?.chain ?? null
}

/**
 * Compares each line's result with the entries of its order's results. The newest entry's results must still be in the book, and
 * each result must be in one of the entries.
 */
export const resultsCheck: DataCheck = {
  name: 'results of lines',
  async run(of) {
    const { read, fault, note } = of
    let [count, old] = [0, 0]
    for (const { id, from } of await booksOf(of)) {
      // An answer may come long after its line: a run of newer entries only checks the answers to the lines that it compares.
      let cut: string | undefined
      for await (const lines of linesOf(of, id, from)) {
        if (cut === undefined && from > 0) cut = lines[0]?.orderId
        const orders = [...new Set(lines.map(({ orderId }) => orderId))]
        const entries = Map.groupBy(
          await read<{ id: string; order: string; hashes: string | null }>(
            `SELECT id::text, subject_id AS "order", facts->>'rowHashes' AS hashes FROM audit_entries e
             WHERE subject_kind = 'order' AND subject_id = ANY ($1) AND act = 'order.result' ORDER BY e.id`,
            [orders],
          ),
          ({ order }) => order,
        )
        for (const [order, mine] of Map.groupBy(lines, ({ orderId }) => orderId)) {
          const said = entries.get(order) ?? []
          const isOld = said.some(({ hashes }) => hashes === null)
          if (isOld) old++
          const known = new Set(said.flatMap(({ hashes }) => hashes?.split(' ') ?? []))
          const now = new Set<string>()
          for (const { seq, imei, outcome, outcomeCode: code, outcomeAt: at } of mine) {
            if (outcome === null || at === null) continue
            count++
            const hash = hashOf(rowText(order, { imei, outcome, code, at }))
            now.add(hash)
            if (!known.has(hash) && !isOld) fault(`line ${seq} of ${id} has a result that no entry says`)
          }
          const newest = said.at(-1)
          // An order's lines are adjacent; an order that is split between two pages is incomplete here.
          const isWhole = order !== cut && (lines.length < PAGE || lines.at(-1)?.orderId !== order)
          if (newest?.hashes && isWhole && newest.hashes.split(' ').some((hash) => !now.has(hash)))
            fault(`order ${order} of ${id} has not the result that entry ${newest.id} says`)
        }
        cut = lines.at(-1)?.orderId
      }
    }
    if (old > 0) note(`${old} orders were answered before entries said what: known by their state alone`)
    return count
  },
}
