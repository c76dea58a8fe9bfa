import { randomUUID } from 'node:crypto'
import type { PrismaClient } from '#generated/prisma/client.ts'
import { pathFor } from '#messages/paths.ts'
import { type Bed, startBaseline, startWeb } from './bed.ts'
import { connect } from './connection.ts'
import { bareSend, fieldsOf, post } from './form.ts'
import { type Bench, interleave, processorOf, ratio, sidesOf } from './measure.ts'
import { sameRows } from './same-rows.ts'

const CASES = 1_000
const ROUNDS = 8
/** Sends per round and side, and how many of them in parallel. */
const SENDS = 200
const AT_A_TIME = 8
/** Unmeasured sends per side, so that frequent code is compiled as in a server that has been up for a while. */
const WARMING = 2_000
const AT_ONCE = 200
const SECONDS = Number(process.env.BENCH_SECONDS ?? 60)
/** Marks the rows of this run, because the database may be kept for the next. */
const RUN = randomUUID().slice(0, 8)
const AGENCIES = ['quan-1', 'quan-3', 'quan-5', 'thu-duc', 'cu-chi', 'so-y-te', 'so-tu-phap', 'binh-thanh']
const ANSWERS = { r2: 'ontime', r3: '0', r4: '4', r5: '5', r6: 'right' }

interface Form {
  readonly url: string
  readonly fields: Record<string, string>
}

/** Runs `send` again and again on parallel lines, until `goOn` returns false. */
const onLines = (lines: number, goOn: () => boolean, send: () => Promise<unknown>): Promise<unknown> =>
  Promise.all(
    Array.from({ length: lines }, async () => {
      while (goOn()) await send()
    }),
  )

/** Returns sends per second. */
async function rateOf(send: () => Promise<unknown>, sends = SENDS): Promise<number> {
  let left = sends
  const started = performance.now()
  await onLines(AT_A_TIME, () => left-- > 0, send)
  return (sends / (performance.now() - started)) * 1000
}

/** Measures a rating as a browser without JavaScript sends it, beside a bare server action that writes the same rows. */
export async function rate(bed: Bed): Promise<Bench> {
  const database = await bed.database(CASES)
  const product = await startWeb(database)
  const baseline = await startBaseline(database)
  const db = connect(database)
  try {
    const forms = await Promise.all(
      AGENCIES.map(async (agency): Promise<Form> => {
        const url = product.url + pathFor('vi', { pathname: '/rate/[agency]', params: { agency } })
        return { url, fields: { ...(await fieldsOf(url, '', 'name="r1"')), ...ANSWERS } }
      }),
    )
    let sent = 0
    const one = () => {
      const n = sent++
      const { url, fields } = forms[n % forms.length] as Form
      const answer = { r1: String(1 + (n % 5)), serviceDate: today, procedure: `đo ${RUN} ${n}` }
      const address = `10.${(n * 31) % 256}.${(n * 17) % 256}.${n % 256}`
      return { n, receipt: post(url, '', { ...fields, ...answer, submitKey: randomUUID() }, address) }
    }
    const rating = () => one().receipt
    await rateOf(rating, WARMING)
    const rows = await sameRows(bed.ownerUrl(database), 'rate', rating)
    const { fields } = forms[0] as Form
    const answer = { r1: '1', serviceDate: today, procedure: `đo ${RUN} 0`, submitKey: randomUUID() }
    const writing = await bareSend(baseline.url, 'rate', { ...fields, ...answer })
    await rateOf(writing, WARMING)
    const cpu = { product: processorOf(product), baseline: processorOf(baseline) }
    const rates = await interleave(ROUNDS, {
      product: () => cpu.product.round(SENDS, () => rateOf(rating)),
      baseline: () => cpu.baseline.round(SENDS, () => rateOf(writing)),
    })
    return {
      name: 'rate',
      figures: [
        ratio('ratings', 'sends/s', rates, { atLeast: 0.45 }),
        sidesOf('web server’s processor time', 'ms/send', cpu),
      ],
      facts: { rows, 'at a time': AT_A_TIME, ...(await atOnce(db, one)) },
    }
  } finally {
    await Promise.all([db.$disconnect(), product.stop(), baseline.stop()])
  }
}

const today = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Ho_Chi_Minh' }).format(new Date())

/** Sends from many people at once for a while; throws when an acknowledged answer is lost, or stored twice. */
async function atOnce(db: PrismaClient, one: () => { n: number; receipt: Promise<string> }) {
  const acknowledged = new Map<string, string>()
  let refused = 0
  const started = performance.now()
  const goOn = () => performance.now() - started < SECONDS * 1000
  await onLines(AT_ONCE, goOn, async () => {
    const { n, receipt } = one()
    const to = await receipt.catch(() => null)
    if (to === null) refused++
    else acknowledged.set(`đo ${RUN} ${n}`, to)
  })
  const seconds = (performance.now() - started) / 1000
  const rows = await db.$queryRaw<{ stored: number }[]>`
    SELECT count(*)::int AS stored FROM survey_responses WHERE procedure = ANY(${[...acknowledged.keys()]})
    GROUP BY procedure`
  const lost = acknowledged.size - rows.length
  const doubled = rows.filter(({ stored }) => stored !== 1).length
  const receipts = new Set(acknowledged.values()).size
  const facts = {
    'people at once': AT_ONCE,
    'for, seconds': Math.round(seconds),
    acknowledged: acknowledged.size,
    'acknowledged a second': Math.round(acknowledged.size / seconds),
    'not acknowledged': refused,
    lost,
    doubled,
  }
  if (lost !== 0 || doubled !== 0 || receipts !== acknowledged.size)
    throw new Error(`lost or doubled: ${JSON.stringify({ ...facts, receipts })}`)
  return facts
}
