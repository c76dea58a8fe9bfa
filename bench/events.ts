import { setTimeout as sleep } from 'node:timers/promises'
import { systemScope } from '#lib/access/scope.ts'
import { inScope } from '#platform/scope.ts'
import { type Bed, startWeb, type Web } from './bed.ts'
import { answerFrom, connect } from './connection.ts'
import { type Bench, median, ratio } from './measure.ts'
import { signIn } from './sign-in.ts'

const PEOPLE = 40
/** Streams per person; an account may have six. */
const EACH = 5
const CASES = 10_000
const ROUNDS = 6
/** Milliseconds between two looks of a process, for all its streams together. */
const LOOKS_EVERY = 5_000

/** Opens a stream and calls `told` with each number that it receives. */
async function listen(url: string, cookie: string, told: (total: number) => void, signal: AbortSignal) {
  const answer = await fetch(`${url}/api/staff/events`, { headers: { cookie }, signal })
  if (!answer.body || answer.status !== 200) throw new Error(`a stream answered ${answer.status}`)
  const read = async (body: ReadableStream<Uint8Array>) => {
    const decoder = new TextDecoder()
    for await (const piece of body)
      for (const [, data = ''] of decoder.decode(piece).matchAll(/^event: count\ndata: (.+)$/gm))
        told((JSON.parse(data) as { total: number }).total)
  }
  read(answer.body).catch(() => {})
}

const quiet = async (web: Web): Promise<number> => {
  await sleep(3_000)
  return web.memory()
}

/** Measures 200 open pages on one web process: its memory beside none, and how soon all are told of one new task. */
export async function events(bed: Bed): Promise<Bench> {
  const databaseUrl = await bed.database(CASES)
  const product = await startWeb(databaseUrl)
  const db = connect(databaseUrl)
  answerFrom(db)
  const ending = new AbortController()
  try {
    const cookies: string[] = []
    while (cookies.length < PEOPLE) cookies.push(await signIn(product.url, db, 'city_police'))
    const before = await quiet(product)
    let heard = 0
    const tell = () => {
      heard++
    }
    for (const cookie of cookies)
      for (let stream = 0; stream < EACH; stream++) await listen(product.url, cookie, tell, ending.signal)
    const streams = PEOPLE * EACH
    while (heard < streams) await sleep(20)
    const open = await quiet(product)
    const used = product.cpuSeconds()
    await sleep(30_000)
    const cpu = (product.cpuSeconds() - used) / 30
    const person = await db.staffAccount.findFirstOrThrow({
      where: { role: 'officer' },
      select: { id: true },
    })
    const delays: number[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const [row] = await inScope(systemScope(), () =>
        db.case.findMany({
          where: {
            state: 'under_review',
            needsWork: true,
            held: null,
            holdAskedById: null,
            withdrawEffectiveAt: null,
          },
          select: { id: true },
          take: 1,
        }),
      )
      if (!row) throw new Error('the database has no case under review')
      heard = 0
      const started = performance.now()
      await inScope(systemScope(), () =>
        db.case.update({
          where: { id: row.id },
          data: { holdAskedById: person.id, holdDueAt: new Date() },
          select: { id: true },
        }),
      )
      while (heard < streams) await sleep(5)
      delays.push(performance.now() - started)
      await sleep(Math.random() * LOOKS_EVERY)
    }
    return {
      name: 'events',
      figures: [
        ratio(
          'memory with 200 streams, beside none',
          'MB',
          { product: [open], baseline: [before] },
          { atMost: 1.5 },
        ),
        ratio(
          'until the last stream is told, beside the time between two looks',
          'ms',
          { product: [median(delays)], baseline: [LOOKS_EVERY] },
          { atMost: 1.5 },
        ),
      ],
      facts: {
        streams,
        people: PEOPLE,
        cases: CASES,
        'processor, of one core': `${(cpu * 100).toFixed(1)} %`,
        'longest delay, ms': Math.round(Math.max(...delays)),
      },
    }
  } finally {
    ending.abort()
    answerFrom(null)
    await Promise.all([db.$disconnect(), product.stop()])
  }
}
