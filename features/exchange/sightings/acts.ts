import '#server-only'
import { randomUUID } from 'node:crypto'
import { audit } from '#features/audit/entries/acts.ts'
import { systemScope } from '#lib/access/scope.ts'
import { addMilliseconds, type Instant } from '#lib/time.ts'
import { seal, unwrap } from '#platform/crypto.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { log } from '#platform/log.ts'
import { enqueue } from '#platform/queue.ts'
import { inScope } from '#platform/scope.ts'
import { raiseCarrierFlag } from '../flags/acts.ts'
import { type CarrierSighting, INTERFACE_LIMITS, type SightingAnswer } from '../interface/rules.ts'
import { areaPlace, type StandingBlock } from './data.ts'

type Verdict = Pick<SightingAnswer, 'status' | 'detail'>
const UNKNOWN: Verdict = { status: 'unknown', detail: 'no block of this IMEI stands in your book' }
const FUTURE: Verdict = { status: 'unknown', detail: 'at is in the future' }

/** Rows in one transaction: few enough to hold no lock for long. */
const ROWS_A_TRANSACTION = 100

/**
 * Records a carrier's sightings of phones that its own book blocks or watches; returns one answer per row, in the rows' order. A
 * repeated sighting counts once. Nothing is stored of any other phone. A phone that was let in after its block was reported done
 * flags the carrier.
 */
export async function recordSightings(
  carrierId: string,
  rows: readonly CarrierSighting[],
  now: Instant,
): Promise<SightingAnswer[]> {
  const answers: SightingAnswer[] = []
  for (let start = 0; start < rows.length; start += ROWS_A_TRANSACTION) {
    const some = rows.slice(start, start + ROWS_A_TRANSACTION)
    answers.push(
      ...(await inScope(systemScope(), () => transaction((tx) => recordSome(tx, carrierId, some, now)))),
    )
  }
  const unknown = answers.filter(({ status }) => status === 'unknown').length
  if (unknown > 0) log().warn({ carrierId, rows: unknown }, 'a carrier sent sightings that were refused')
  return answers
}

async function recordSome(tx: Tx, carrierId: string, rows: readonly CarrierSighting[], now: Instant) {
  const imeis = [...new Set(rows.map(({ imei }) => imei))]
  const blocks = new Map((await standingBlocks(tx, carrierId, imeis)).map((one) => [one.imei, one]))
  const answers: SightingAnswer[] = []
  const told = new Map<string, number>()
  let served = 0
  for (const { imei, at: said, kind, area, served: wasServed } of rows) {
    const block = blocks.get(imei)
    const at = new Date(said)
    const say = (verdict: Verdict) => answers.push({ imei, at: said, ...verdict })
    if (!block) say(UNKNOWN)
    else if (at > addMilliseconds(now, INTERFACE_LIMITS.clockSkewMs)) say(FUTURE)
    else {
      const { caseId, orderId, doneAt, ...key } = block
      const id = randomUUID()
      const { count } = await tx.sighting.createMany({
        data: [
          {
            ...{ id, carrierId, orderId, caseId, imei, kind, served: wasServed, at, receivedAt: now },
            sealedArea: area === undefined ? null : seal(unwrap(caseId, key), areaPlace(id), area),
          },
        ],
        skipDuplicates: true,
      })
      say({ status: count === 1 ? 'recorded' : 'duplicate' })
      if (count === 0) continue
      told.set(caseId, (told.get(caseId) ?? 0) + 1)
      if (wasServed && doneAt !== null && at > doneAt) served += 1
    }
  }
  for (const [caseId, sightings] of told) {
    await enqueue(tx, 'phone-seen', { caseId })
    await audit(tx, {
      ...{ actor: { kind: 'carrier', id: carrierId }, act: 'sighting.told', caseId, at: now },
      subject: { kind: 'case', id: caseId },
      facts: { sightings },
    })
  }
  if (served > 0)
    await raiseCarrierFlag(tx, { carrierId, kind: 'served_blocked', facts: { phones: served }, at: now })
  return answers
}

/**
 * Returns the blocks and watches in force for some numbers of a carrier's book, each with the key of its case; none of a drill.
 * An erasure of the case either waits until the transaction ends, or came first.
 */
const standingBlocks = (tx: Tx, carrierId: string, imeis: readonly string[]): Promise<StandingBlock[]> =>
  tx.$queryRaw<StandingBlock[]>`
    SELECT line.imei, line.order_id::text AS "orderId", o.case_id::text AS "caseId", k.wrapped,
      k.wrap_key_version AS "wrapKeyVersion",
      CASE WHEN line.action = 'block' AND line.outcome IN ('applied', 'already') THEN line.outcome_at END AS "doneAt"
    FROM (
      SELECT DISTINCT ON (imei) imei, order_id, action, outcome, outcome_at FROM book_entries
      WHERE carrier_id = ${carrierId} AND imei = ANY(${[...imeis]}) ORDER BY imei, seq DESC
    ) line
    JOIN carrier_orders o ON o.id = line.order_id
    JOIN case_keys k ON k.case_id = o.case_id
    JOIN cases c ON c.id = o.case_id
    WHERE line.action <> 'unblock' AND c.erased_at IS NULL AND length(k.wrapped) > 0
    FOR KEY SHARE OF k`
