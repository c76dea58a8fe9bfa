import '#server-only'
import { createHash } from 'node:crypto'
import { type ProvenSubject, proveEntries } from '#features/audit/proofs/data.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { db, type Tx } from '#platform/db.ts'
import { waitForNews } from '#platform/signals.ts'
import { sha256 } from '#platform/signatures.ts'
import { findBookHead } from '../carriers/data.ts'
import type { DeliveryWay } from '../delivery/rules.ts'
import type { Changes, LineProof, ProvenChanges, SentLine } from '../interface/rules.ts'
import type { EntryOutcome, OrderAction, OrderReason } from '../orders/rules.ts'
import { CHAIN_START, digestLine, lineText, sentLine } from './rules.ts'

export interface NewLines {
  /** The order's id. */
  readonly id: string
  /** Null for a drill's order. */
  readonly caseId: string | null
  readonly carrierId: string
  readonly reason: OrderReason
  readonly legalBasis: string
  readonly issuedAt: Instant
  readonly expiresAt: Instant | null
  readonly imeis: readonly string[]
}

/**
 * Appends the lines of orders of one action to their carriers' books. The caller has locked the carriers' rows, so sequences are
 * gapless and in commit order. Also updates the stored size of each list in force, which is too slow to count on demand; drill
 * numbers are on no list. Returns each carrier's way and the lines for the log.
 */
export async function appendToBook(
  tx: Tx,
  action: OrderAction,
  orders: readonly NewLines[],
): Promise<{ readonly ways: ReadonlyMap<string, DeliveryWay>; readonly lines: readonly HashedLine[] }> {
  const lines = orders.flatMap(
    ({ id: orderId, imeis, caseId, carrierId, reason, legalBasis, issuedAt, expiresAt }) =>
      imeis.map((imei) => ({
        caseId,
        row: { orderId, imei, carrierId, action, reason, legalBasis, issuedAt, expiresAt },
      })),
  )
  // A watch changes no list: it never follows a block in force.
  const [sign, wasListed] = { block: [1, false], unblock: [-1, true], watch: [0, false] }[action]
  const books = await tx.$queryRaw<
    { carrierId: string; next: bigint; way: DeliveryWay; chain: Uint8Array | null }[]
  >`
    UPDATE carriers SET book_head = book_head + told.lines, blocklist_size = blocklist_size + ${sign}::int * told.changed
    FROM (
      SELECT line.carrier_id, count(*)::int AS lines,
        count(DISTINCT line.imei) FILTER (
          WHERE line.imei NOT LIKE '00%' AND ${wasListed} = coalesce(last.action = 'block', false)
        )::int AS changed
      FROM unnest(
        ${lines.map(({ row }) => row.carrierId)}::text[], ${lines.map(({ row }) => row.imei)}::bpchar[]
      ) AS line (carrier_id, imei)
      LEFT JOIN LATERAL (
        SELECT e.action FROM book_entries e WHERE e.carrier_id = line.carrier_id AND e.imei = line.imei
        ORDER BY e.seq DESC LIMIT 1
      ) last ON true
      GROUP BY line.carrier_id
    ) told
    WHERE id = told.carrier_id
    RETURNING id AS "carrierId", book_head - told.lines + 1 AS next, way::text, (
      SELECT e.chain FROM book_entries e WHERE e.carrier_id = id AND e.seq = book_head - told.lines
    ) AS chain`
  const ends = new Map(
    books.map(({ carrierId, next, chain }) => [
      carrierId,
      { next, chain: next === 1n ? CHAIN_START : chain },
    ]),
  )
  const hashed: HashedLine[] = []
  const data = lines.map(({ caseId, row }) => {
    const end = ends.get(row.carrierId)
    if (end === undefined) throw new Error(`there is no carrier ${row.carrierId}`)
    const line = { ...row, seq: end.next }
    const hash = hashLine(sentLine(line))
    // If an older line still lacks its chain, so does this one; `chainOldLines` fills in both.
    const chain = end.chain && nextChain(end.chain, hash)
    ends.set(row.carrierId, { next: end.next + 1n, chain })
    hashed.push({ ...line, caseId, hash })
    return { ...line, chain }
  })
  await tx.bookEntry.createMany({ data })
  return { ways: new Map(books.map(({ carrierId, way }) => [carrierId, way])), lines: hashed }
}

export interface HashedLine {
  readonly carrierId: string
  readonly seq: bigint
  readonly orderId: string
  readonly caseId: string | null
  readonly issuedAt: Instant
  readonly hash: Uint8Array
}

export const hashLine = (line: SentLine) => sha256(Buffer.from(lineText(line)))

export const nextChain = (chain: Uint8Array, hash: Uint8Array) => Uint8Array.from(sha256(chain, hash))

/**
 * Fills in the chain of lines that an earlier release wrote without one: the first `limit` of a book whose row is locked. Returns
 * them.
 */
export async function chainOldLines(tx: Tx, carrierId: string, limit: number): Promise<HashedLine[]> {
  const rows = await tx.bookEntry.findMany({
    where: { carrierId, chain: null },
    orderBy: { seq: 'asc' },
    take: limit,
    include: { order: { select: { caseId: true } } },
  })
  const [first] = rows
  if (first === undefined) return []
  const before =
    first.seq === 1n
      ? { chain: CHAIN_START }
      : await tx.bookEntry.findUnique({
          where: { carrierId_seq: { carrierId, seq: first.seq - 1n } },
          select: { chain: true },
        })
  let chain: Uint8Array = before?.chain ?? CHAIN_START
  const lines = rows.map((row) => {
    const hash = hashLine(sentLine(row))
    chain = nextChain(chain, hash)
    return { ...row, caseId: row.order.caseId, hash, chain }
  })
  await tx.$executeRaw`
    UPDATE book_entries line SET chain = decode(told.chain, 'hex')
    FROM unnest(
      ${lines.map(({ seq }) => seq)}::bigint[], ${lines.map((line) => hex(line.chain))}::text[]
    ) AS told (seq, chain)
    WHERE line.carrier_id = ${carrierId} AND line.seq = told.seq`
  return lines
}

export async function findBooksWithoutChain(): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT id FROM carriers c
    WHERE EXISTS (SELECT FROM book_entries e WHERE e.carrier_id = c.id AND e.chain IS NULL) ORDER BY id`
  return rows.map(({ id }) => id)
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/**
 * Returns, by carrier, the IMEIs of a case whose last line in the carrier's book is this case's block or watch. If another case
 * has blocked the phone since (this one was rejected with its temporary block in force), that block stands.
 */
export async function blockedInBooks(
  tx: Tx | undefined,
  carrierIds: readonly string[],
  caseId: string,
): Promise<ReadonlyMap<string, string[]>> {
  if (carrierIds.length === 0) return new Map()
  const rows = await (tx ?? db).$queryRaw<{ carrierId: string; imei: string }[]>`
    SELECT mine.carrier_id AS "carrierId", mine.imei
    FROM book_entries mine JOIN carrier_orders o ON o.id = mine.order_id
    WHERE o.case_id = ${caseId}::uuid AND o.carrier_id = ANY(${[...carrierIds]}) AND mine.action <> 'unblock'
      AND NOT EXISTS (
        SELECT 1 FROM book_entries later
        WHERE later.carrier_id = mine.carrier_id AND later.imei = mine.imei AND later.seq > mine.seq
      )
    ORDER BY mine.seq`
  const byCarrier = new Map<string, string[]>()
  for (const { carrierId, imei } of rows)
    byCarrier.set(carrierId, [...(byCarrier.get(carrierId) ?? []), imei])
  return byCarrier
}

/** Returns the lines in `(after, upTo]`, as the carrier reads them. */
export async function linesAfter(
  carrierId: string,
  after: number,
  upTo: number,
  limit: number,
  tx?: Tx,
): Promise<SentLine[]> {
  return (await rowsAfter(carrierId, after, upTo, limit, tx)).map(sentLine)
}

const rowsAfter = (carrierId: string, after: number, upTo: number, limit: number, tx?: Tx) =>
  (tx ?? db).bookEntry.findMany({
    where: { carrierId, seq: { gt: after, lte: upTo } },
    orderBy: { seq: 'asc' },
    take: limit,
  })

export interface LineState {
  readonly orderId: string
  readonly seq: bigint
  readonly imei: string
  readonly action: OrderAction
  readonly expiresAt: Instant | null
  readonly outcome: EntryOutcome | null
  readonly outcomeCode: string | null
}

export const linesOf = (tx: Tx, orderIds: readonly string[]): Promise<LineState[]> =>
  tx.bookEntry.findMany({
    where: { orderId: { in: [...orderIds] } },
    orderBy: { seq: 'asc' },
    select: {
      orderId: true,
      seq: true,
      imei: true,
      action: true,
      expiresAt: true,
      outcome: true,
      outcomeCode: true,
    },
  })

export interface LineOutcome {
  readonly seq: bigint
  readonly outcome: EntryOutcome
  readonly code: string | null
  readonly at: Instant
}

export async function saveOutcomes(
  tx: Tx,
  carrierId: string,
  lines: readonly LineOutcome[],
  now: Instant,
): Promise<void> {
  await tx.$executeRaw`
    UPDATE book_entries line SET outcome = told.outcome::entry_outcome, outcome_code = told.code,
      outcome_at = told.at::timestamptz, recorded_at = ${now}::timestamptz
    FROM unnest(
      ${lines.map(({ seq }) => seq)}::bigint[], ${lines.map(({ outcome }) => outcome)}::text[],
      ${lines.map(({ code }) => code)}::text[], ${lines.map(({ at }) => at.toISOString())}::text[]
    ) AS told (seq, outcome, code, at)
    WHERE line.carrier_id = ${carrierId} AND line.seq = told.seq`
}

export interface ChangesQuery {
  readonly after: number
  readonly limit: number
  readonly version?: 1 | 2
  /** Log size of the newest checkpoint that the carrier kept. */
  readonly known?: number
  /** Seconds to wait for a line when there is none. */
  readonly wait: number
}

/** Returns the lines of a carrier's book after a sequence; waits for one if there are none. Reading changes nothing. */
export async function changes(
  carrierId: string,
  query: ChangesQuery,
  hungUp: AbortSignal,
): Promise<Result<Changes | ProvenChanges, 'beyond_head'>> {
  const head = await waitForNews('book', carrierId, query, hungUp, findBookHead)
  return query.after > head ? err('beyond_head') : ok(await read(carrierId, query, head))
}

async function read(
  carrierId: string,
  { after, limit, version, known }: ChangesQuery,
  head: number,
): Promise<Changes | ProvenChanges> {
  const upTo = Math.min(head, after + limit)
  if (version === 2) return changesIn(carrierId, { after, upTo, head }, known)
  return answer(after, head, upTo > after ? await linesAfter(carrierId, after, upTo, limit) : [])
}

/**
 * Returns version 2 of the answer for a range that was cut before. Its lines and chain are the same at each reading; log
 * positions, checkpoint and proofs are the current ones.
 */
export async function changesIn(
  carrierId: string,
  { after, upTo, head }: { readonly after: number; readonly upTo: number; readonly head: number },
  known = 0,
): Promise<ProvenChanges> {
  const rows = upTo > after ? await rowsAfter(carrierId, after, upTo, upTo - after) : []
  const lines = rows.map(sentLine)
  const { checkpoint, growth, entries } = await proveEntries(
    'order',
    'order.line',
    rows.map(({ orderId }) => orderId),
    known,
  )
  // Of several entries for one line the oldest counts: it was written with the line.
  const proven = new Map(entries.filter((one) => isOf(one, carrierId)).map((one) => [one.facts.seq, one]))
  const proofs: LineProof[] = []
  const placed = lines.map((line) => {
    const found = proven.get(line.seq)
    if (found) proofs.push({ seq: line.seq, entry: found.entry, proof: found.proof })
    return { ...line, leaf: found?.index ?? null }
  })
  return {
    ...answer(after, head, lines),
    entries: placed,
    carrier: carrierId,
    chain: await chainAt(carrierId, lines.at(-1)?.seq ?? after),
    checkpoint,
    growth,
    proofs,
  }
}

/**
 * Checks whether the first `limit` unacknowledged lines are all blocks or watches of the last `seconds`, and the log has not
 * sealed all of them.
 */
export async function waitsForProofs(carrierId: string, limit: number, seconds: number): Promise<boolean> {
  const { ackedSeq } = await db.carrier.findUniqueOrThrow({
    where: { id: carrierId },
    select: { ackedSeq: true },
  })
  const after = Number(ackedSeq)
  const lines = await rowsAfter(carrierId, after, after + limit, limit)
  const since = Date.now() - seconds * 1000
  if (lines.length === 0 || lines.some(({ action, issuedAt }) => action === 'unblock' || +issuedAt < since))
    return false
  const { proofs } = await changesIn(carrierId, { after, upTo: after + lines.length, head: after })
  return proofs.length < lines.length
}

const isOf = ({ facts }: ProvenSubject, carrierId: string): boolean => facts.carrier === carrierId

async function chainAt(carrierId: string, seq: number): Promise<string | null> {
  if (seq === 0) return hex(CHAIN_START)
  const where = { carrierId_seq: { carrierId, seq } }
  const line = await db.bookEntry.findUnique({ where, select: { chain: true } })
  return line?.chain ? hex(line.chain) : null
}

function answer(after: number, head: number, entries: readonly SentLine[]): Changes {
  const digest = createHash('sha256')
  for (const entry of entries) digest.update(digestLine(entry))
  return { after, next: entries.at(-1)?.seq ?? after, head, sha256: digest.digest('hex'), entries }
}
