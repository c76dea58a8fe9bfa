import '#server-only'
import { audit } from '#features/audit/entries/acts.ts'
import type { Actor } from '#lib/access/actor.ts'
import { addMilliseconds, type Instant } from '#lib/time.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { log } from '#platform/log.ts'
import { enqueue } from '#platform/queue.ts'
import { sha256 } from '#platform/signatures.ts'
import { type LineOutcome, type LineState, linesOf, saveOutcomes } from '../book/data.ts'
import { blocksAnswered } from '../case-orders/data.ts'
import { receivedByInterface } from '../delivery/data.ts'
import { type CarrierResult, INTERFACE_LIMITS, type ResultAnswer } from '../interface/rules.ts'
import { type LockedOrder, lockOrders, saveResults } from '../orders/data.ts'
import { settlePriorities, settlePriority } from '../orders/rules.ts'
import { recordWords } from '../shared-words/acts.ts'
import { lockWords } from '../shared-words/data.ts'
import { changesLine, isDone, type RecordedRow, rowText, stateAfter } from './rules.ts'

/** Orders settled in one transaction: enough to be quick, few enough to hold no lock for long. */
const ORDERS_A_TRANSACTION = 50

/**
 * Records a carrier's results; returns one answer per row, in the rows' order. Each order's lines, state and audit entry are
 * written in one transaction: after a crash the carrier sends all rows again and loses nothing. A row whose order is not in this
 * carrier's book, or whose time is in the future, changes nothing and is logged. A row dated before its order counts from the
 * order, so that a wrong clock undoes no block.
 *
 * @param by the carrier itself, or a person of the relay who has its answer on paper
 */
export async function recordResults(
  carrierId: string,
  rows: readonly CarrierResult[],
  now: Instant,
  by: Actor = { kind: 'carrier', id: carrierId },
): Promise<ResultAnswer[]> {
  const answers: ResultAnswer[] = new Array(rows.length)
  const byOrder = Map.groupBy(rows.keys(), (index) => (rows[index] as CarrierResult).order.toLowerCase())
  const orderIds = [...byOrder.keys()]
  for (let start = 0; start < orderIds.length; start += ORDERS_A_TRANSACTION) {
    const chunk = orderIds.slice(start, start + ORDERS_A_TRANSACTION)
    const answered = await transaction(async (tx) => {
      if (rows.some(isShared)) await lockWords(tx, carrierId)
      const orders = new Map((await lockOrders(tx, chunk, carrierId)).map((order) => [order.id, order]))
      const lines = Map.groupBy(await linesOf(tx, [...orders.keys()]), (line) => line.orderId)
      const told: Told[] = []
      for (const id of chunk) {
        const order = orders.get(id)
        const known = order ? new OrderLines(lines.get(id) ?? [], earliest(order, by)) : null
        for (const index of byOrder.get(id) ?? []) {
          const row = rows[index] as CarrierResult
          const verdict = known?.tell(row, now) ?? UNKNOWN
          answers[index] = { order: row.order, imei: row.imei, ...verdict }
        }
        if (order && known?.changed) told.push({ order, known })
      }
      return write(tx, carrierId, told, by, now)
    })
    await settleAnswered(answered)
  }
  logRefused(carrierId, answers)
  return answers
}

const isShared = ({ outcome, code }: CarrierResult): boolean =>
  outcome === 'rejected' && code === 'shared_imei'

type Verdict = Pick<ResultAnswer, 'status' | 'detail'>
const SAME: Verdict = { status: 'duplicate' }
const UNKNOWN: Verdict = { status: 'unknown', detail: 'no such order and IMEI in your book' }
const FUTURE: Verdict = { status: 'unknown', detail: 'at is in the future' }
const AS_OF_ORDER: Verdict = {
  status: 'recorded',
  detail: 'at is before the order: recorded as of its issue',
}
const CONTRADICTS: Verdict = {
  status: 'contradicts',
  detail: 'recorded as done before; that is never taken back',
}

/**
 * Returns the time before which a carrier cannot have carried out an order. Null for an answer on paper: it has only a day, which
 * was checked against the letter's own day.
 */
const earliest = ({ issuedAt }: LockedOrder, by: Actor): Instant | null =>
  by.kind === 'carrier' ? issuedAt : null

class OrderLines {
  readonly lines: Map<string, LineState & { at?: Instant }>
  readonly #earliest: Instant | null
  /** IMEIs that the carrier had reported in several phones. */
  readonly #wereShared: readonly string[]
  constructor(lines: readonly LineState[], earliest: Instant | null) {
    this.#earliest = earliest
    this.#wereShared = lines.filter(saysShared).map(({ imei }) => imei)
    this.lines = new Map(lines.map((line) => [line.imei, line]))
  }

  tell(row: CarrierResult, now: Instant): Verdict {
    const line = this.lines.get(row.imei)
    if (!line) return UNKNOWN
    const at = new Date(row.at)
    if (at > addMilliseconds(now, INTERFACE_LIMITS.clockSkewMs)) return FUTURE
    const code = row.outcome === 'rejected' ? row.code : null
    const known = line.outcome && { outcome: line.outcome, code: line.outcomeCode }
    if (!changesLine(line.action, known, { outcome: row.outcome, code })) {
      // Only a success rules out another answer, and only a failure contradicts it.
      return isDone(line.action, row.outcome) || known?.outcome === row.outcome ? SAME : CONTRADICTS
    }
    const told = { ...line, outcome: row.outcome, outcomeCode: code }
    // `already` may be dated before the order: the carrier had done it by itself.
    const isEarly = this.#earliest !== null && at < this.#earliest && row.outcome !== 'already'
    this.lines.set(row.imei, { ...told, at: isEarly && this.#earliest ? this.#earliest : at })
    return isEarly ? AS_OF_ORDER : { status: 'recorded' }
  }

  get changed(): boolean {
    return this.news.length > 0
  }

  /** Returns the IMEIs that are now reported in several phones, and those no longer reported so. */
  get shared(): { readonly said: string[]; readonly takenBack: string[] } {
    const told = [...this.lines.values()].filter(({ at }) => at !== undefined)
    const [said, others] = [told.filter(saysShared), told.filter((line) => !saysShared(line))]
    return {
      said: said.map(({ imei }) => imei),
      takenBack: others.map(({ imei }) => imei).filter((imei) => this.#wereShared.includes(imei)),
    }
  }

  get news(): (LineOutcome & RecordedRow)[] {
    return [...this.lines.values()].flatMap(({ seq, imei, outcome, outcomeCode: code, at }) =>
      outcome && at ? [{ seq, imei, outcome, code, at }] : [],
    )
  }
}

const saysShared = ({ outcome, outcomeCode }: LineState): boolean =>
  outcome === 'rejected' && outcomeCode === 'shared_imei'

interface Told {
  readonly order: LockedOrder
  readonly known: OrderLines
}

/** A case whose block a carrier has applied, and when that block was issued. */
interface Answered {
  readonly caseId: string
  readonly issuedAt: Instant
}

/**
 * Queues one settle job for each case whose last carrier has now answered. Runs after the commit, so that of carriers that answer
 * at the same moment the last one sees all answers. If the process dies before it, the scheduled jobs find the case later.
 */
async function settleAnswered(answered: readonly Answered[]): Promise<void> {
  if (answered.length === 0) return
  const done = new Set(await blocksAnswered(answered.map(({ caseId }) => caseId)))
  const priorities = settlePriorities(answered.map(({ issuedAt }) => issuedAt))
  const last = answered.flatMap(({ caseId }, at) =>
    done.has(caseId) ? [{ caseId, priority: priorities[at] ?? 0 }] : [],
  )
  if (last.length === 0) return
  await transaction(async (tx) => {
    for (const { caseId, priority } of last) await enqueue(tx, 'case-settle', { caseId }, { priority })
  })
}

async function write(
  tx: Tx,
  carrierId: string,
  told: readonly Told[],
  by: Actor,
  now: Instant,
): Promise<Answered[]> {
  if (told.length === 0) return []
  const answered: Answered[] = []
  const orders = told.map(afterwards)
  await saveOutcomes(
    tx,
    carrierId,
    told.flatMap(({ known }) => known.news),
    now,
  )
  await saveResults(tx, orders, now)
  const words = told
    .filter(({ order }) => order.caseId !== null && order.action === 'block')
    .map(({ order, known }) => ({ orderId: order.id, ...known.shared }))
    .filter(({ said, takenBack }) => said.length + takenBack.length > 0)
  if (words.length > 0) await recordWords(tx, carrierId, words, by, now)
  for (const { id, action, from, state, failureCode, caseId, drillId, issuedAt, news } of orders) {
    await audit(tx, {
      actor: by,
      act: 'order.result',
      subject: { kind: 'order', id },
      ...(caseId !== null && { caseId }),
      facts: { from, to: state, lines: news.length, rowHashes: hashesOf(id, news) },
      at: now,
    })
    // An exempt carrier's answer no longer changes its order's state, yet `shared_imei` may hold the case.
    const isNews = state !== from || failureCode === 'shared_imei'
    if (isNews && caseId !== null) {
      // An applied block changes its case only as the last one; any other answer at once.
      if (action === 'block' && state === 'applied') answered.push({ caseId, issuedAt })
      else await enqueue(tx, 'case-settle', { caseId }, { priority: settlePriority(issuedAt) })
    }
    if (isNews && drillId !== null) await enqueue(tx, 'drill-step', { drillId })
  }
  return answered
}

function afterwards({ order: { id, action, state: from, caseId, drillId, issuedAt }, known }: Told) {
  const lines = [...known.lines.values()]
  const state = stateAfter(
    action,
    from,
    lines.map((line) => line.outcome),
  )
  const failures = lines.filter((line) => line.outcome && !isDone(action, line.outcome))
  // One IMEI reported in several phones is what police must see, even if the order's other lines are done.
  const failed = failures.find((line) => line.outcomeCode === 'shared_imei') ?? failures[0]
  const failureCode = failed ? (failed.outcomeCode ?? failed.outcome) : null
  return { id, action, from, state, failureCode, caseId, drillId, issuedAt, news: known.news }
}

const hashesOf = (order: string, rows: readonly RecordedRow[]): string =>
  rows.map((row) => Buffer.from(sha256(Buffer.from(rowText(order, row)))).toString('hex')).join(' ')

function logRefused(carrierId: string, answers: readonly ResultAnswer[]): void {
  const refused = answers.filter((answer) => answer.status === 'unknown')
  if (refused.length === 0) return
  const orders = [...new Set(refused.map((answer) => answer.order))].slice(0, 5)
  log().warn({ carrierId, rows: refused.length, orders }, 'a carrier sent results that were refused')
}

const BY_LETTER = 'this order comes by letter: answer it on paper'

/**
 * Records results of a carrier that now gets letters, for orders that it had received by the interface: they are in no letter, so
 * nobody could enter them. Orders in letters are answered on paper alone. One answer per row.
 */
export async function recordResultsOnPaper(
  carrierId: string,
  rows: readonly CarrierResult[],
  now: Instant,
): Promise<ResultAnswer[]> {
  const orders = [...new Set(rows.map(({ order }) => order.toLowerCase()))]
  const open = await receivedByInterface(carrierId, orders)
  const isOpen = ({ order }: CarrierResult) => open.has(order.toLowerCase())
  const recorded = await recordResults(carrierId, rows.filter(isOpen), now)
  return rows.map((row) =>
    isOpen(row)
      ? (recorded.shift() as ResultAnswer)
      : { order: row.order, imei: row.imei, status: 'unknown', detail: BY_LETTER },
  )
}
