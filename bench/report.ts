import { CONSENTS } from '#features/reporting/steps/consents-rules.ts'
import type { PrismaClient } from '#generated/prisma/client.ts'
import { systemScope } from '#lib/access/scope.ts'
import { pathFor } from '#messages/paths.ts'
import { inScope } from '#platform/scope.ts'
import { type Bed, startBaseline, startWeb } from './bed.ts'
import { answerFrom, connect } from './connection.ts'
import { type ReadyDraft, readyDraft } from './draft.ts'
import { bareSend, fieldsOf, post } from './form.ts'
import { type Bench, interleave, processorOf, ratio, sidesOf } from './measure.ts'
import { sameRows } from './same-rows.ts'

const ROUNDS = 8
/** Sends per round and side, and how many of them in parallel. */
const SENDS = 200
const AT_A_TIME = 8
/** Unmeasured sends per side, so that frequent code is compiled as in a server that has been up for a while. */
const WARMING = 2_000
const AT_ONCE = 50

async function readyDrafts(db: PrismaClient, count: number): Promise<ReadyDraft[]> {
  const drafts: ReadyDraft[] = []
  while (drafts.length < count) {
    const some = Array.from({ length: Math.min(8, count - drafts.length) }, () => readyDraft(db))
    drafts.push(...(await Promise.all(some)))
  }
  return drafts
}

async function rate(count: number, send: () => Promise<unknown>): Promise<number> {
  let left = count
  const started = performance.now()
  await Promise.all(
    Array.from({ length: AT_A_TIME }, async () => {
      while (left-- > 0) await send()
    }),
  )
  return (count / (performance.now() - started)) * 1000
}

/**
 * Measures the final send, beside a bare server action that writes the same rows; then many sends at once, each of them
 * twice.
 */
export async function report(bed: Bed, cases: number): Promise<Bench> {
  const database = await bed.database(cases)
  const product = await startWeb(database)
  const baseline = await startBaseline(database)
  const db = connect(database)
  answerFrom(db)
  try {
    const drafts = await readyDrafts(db, WARMING + SENDS * (ROUNDS + 1) + 2)
    const review = product.url + pathFor('vi', '/report/review')
    const agreed = Object.fromEntries(CONSENTS.map(({ field }) => [field, 'on']))
    const first = drafts[0]?.cookie ?? ''
    const send = { ...(await fieldsOf(review, first, 'value="send"')), ...agreed, step: 'send' }
    // A different network for each send: files of one network are queued behind each other, and nothing reads them here.
    let sent = 0
    const sending = () => {
      const nth = sent++
      return post(
        review,
        drafts.pop()?.cookie ?? '',
        send,
        `10.${nth >> 16}.${(nth >> 8) % 256}.${nth % 256}`,
      )
    }
    await sending()
    const rows = await sameRows(bed.ownerUrl(database), 'report', sending)
    const writing = await bareSend(baseline.url, 'report', send)
    await rate(WARMING, sending)
    await rate(WARMING, writing)
    const cpu = { product: processorOf(product), baseline: processorOf(baseline) }
    const rates = await interleave(ROUNDS, {
      product: () => cpu.product.round(SENDS, () => rate(SENDS, sending)),
      baseline: () => cpu.baseline.round(SENDS, () => rate(SENDS, writing)),
    })
    return {
      name: 'report',
      figures: [
        ratio('final send', 'sends/s', rates, { atLeast: 0.4 }),
        sidesOf('web server’s processor time', 'ms/send', cpu),
      ],
      facts: { cases, rows, 'at a time': AT_A_TIME, ...(await atOnce(db, review, send)) },
    }
  } finally {
    answerFrom(null)
    await Promise.all([db.$disconnect(), product.stop(), baseline.stop()])
  }
}

/** Sends many reports at once; throws when a report is lost, or stored twice. */
async function atOnce(db: PrismaClient, review: string, send: Record<string, string>) {
  const drafts = await readyDrafts(db, AT_ONCE)
  const answers = await Promise.all(
    drafts.flatMap(({ cookie }) => [post(review, cookie, send), post(review, cookie, send)]),
  )
  const pairs = drafts.map((_, at) => [answers[2 * at], answers[2 * at + 1]])
  if (pairs.some(([one, other]) => one !== other)) throw new Error('one report got two receipts')
  const ids = drafts.map(({ id }) => id)
  const [made, begun, told, left] = await inScope(systemScope(), () =>
    Promise.all([
      db.case.count({ where: { id: { in: ids } } }),
      db.caseEvent.count({ where: { caseId: { in: ids }, move: 'submitted' } }),
      db.notice.count({ where: { caseId: { in: ids }, template: 'submitted' } }),
      db.reportDraft.count({ where: { id: { in: ids } } }),
    ]),
  )
  const counted = { 'sent at once, each twice': AT_ONCE, 'cases made': made, messages: told }
  const receipts = new Set(answers).size
  if (made !== AT_ONCE || begun !== AT_ONCE || told !== AT_ONCE || left !== 0 || receipts !== AT_ONCE)
    throw new Error(`lost or doubled: ${JSON.stringify({ ...counted, begun, left, receipts })}`)
  return counted
}
