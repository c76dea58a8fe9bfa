import { canonicalJson } from '#lib/canonical-json.ts'
import { isTestImei } from '#lib/imei/imei.ts'
import { DAY, type Instant } from '#lib/time.ts'
import type { SentLine } from '../interface/rules.ts'
import type { OrderAction, OrderReason } from '../orders/rules.ts'

/** A line of a carrier's book as the carrier reads it (docs/interface.md, "Interfaces for programs"). */
export interface BookLine {
  readonly seq: number
  readonly order: string
  /** 15 digits. */
  readonly imei: string
  readonly action: OrderAction
  readonly reason: OrderReason
  /** ISO 8601 in UTC with milliseconds, exactly as it is sent. */
  readonly issuedAt: string
}

/** Returns a line's text for an answer's `sha256`, which is taken over all lines in order. */
export const digestLine = (line: BookLine): string =>
  `${line.seq},${line.order},${line.imei},${line.action},${line.reason},${line.issuedAt}\n`

export const sentLine = (row: {
  readonly seq: bigint
  readonly orderId: string
  readonly imei: string
  readonly action: OrderAction
  readonly reason: OrderReason
  readonly legalBasis: string
  readonly issuedAt: Instant
  readonly expiresAt: Instant | null
}): SentLine => ({
  seq: Number(row.seq),
  order: row.orderId,
  imei: row.imei,
  action: row.action,
  reason: row.reason,
  legalBasis: row.legalBasis,
  issuedAt: row.issuedAt.toISOString(),
  ...(row.expiresAt && { expiresAt: row.expiresAt.toISOString() }),
  ...(isTestImei(row.imei) && { drill: true as const }),
})

/** Returns the text whose SHA-256 is a line's hash, in the log and in the chain of its book. */
export const lineText = (line: SentLine): string => canonicalJson(line)

/**
 * How long an earlier release may run beside this one and write lines without entry and chain, in milliseconds. After that nobody
 * ordered such a line.
 */
export const BESIDE_MS = DAY

export const CHAIN_START = new Uint8Array(32)

/**
 * Returns the text whose SHA-256 binds an order's case to the log entries of its lines. A carrier knows the order but cannot
 * guess the case, which is random; a person who has both can check it.
 */
export const caseText = (caseId: string, orderId: string): string =>
  canonicalJson({ case: caseId, order: orderId })

interface ListedPhone {
  readonly imei: string
  /** The first block since the phone was last off the list. */
  readonly since: string
  /** The distinct reasons of all blocks since then, in alphabetical order. */
  readonly reasons: readonly OrderReason[]
}

/**
 * Returns the list in force after these lines, in order of IMEI: the list of a carrier that started empty and applied every line.
 * Drill lines are on no list. The server computes the same in SQL, page by page, and tests compare the two.
 */
export function listInForce(lines: Iterable<BookLine>): ListedPhone[] {
  const listed = new Map<string, ListedPhone>()
  for (const { imei, action, reason, issuedAt } of lines) {
    if (isTestImei(imei)) continue
    const before = listed.get(imei)
    if (action === 'unblock') listed.delete(imei)
    else if (action === 'watch') continue
    else if (before)
      listed.set(imei, { ...before, reasons: [...new Set([...before.reasons, reason])].sort() })
    else listed.set(imei, { imei, since: issuedAt, reasons: [reason] })
  }
  return [...listed.values()].sort((a, b) => (a.imei < b.imei ? -1 : 1))
}

export const LIST_HEADER = 'imei,block_date,reasons\n'
