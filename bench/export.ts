import pg from 'pg'
import { questionsSchema } from '#domain/survey/questionnaire.ts'
import { type Bed, startWeb } from './bed.ts'
import { answerFrom, connect } from './connection.ts'
import { type Bench, difference, type Figure, interleave, ratio } from './measure.ts'
import { signIn } from './sign-in.ts'

const RESPONSES = Number(process.env.BENCH_EXPORT ?? 1_000_000)
const ROUNDS = 5

/** The same cells as the export's, as PostgreSQL itself writes them; read by a client that only throws them away. */
async function copyOf(databaseUrl: string): Promise<() => Promise<number>> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  const { rows } = await client.query('SELECT questions FROM questionnaires WHERE version = 1')
  const cells = questionsSchema.parse(rows[0]?.questions).map(({ key }) => `answers->>'${key}'`)
  await client.end()
  const statement = `COPY (SELECT agency_id, left(received_month::text, 7), left(service_date::text, 7), with_code,
    ${cells.join(', ')} FROM survey_responses WHERE counted AND questionnaire_version = 1) TO STDOUT (FORMAT csv)`
  return async () => {
    const fresh = new pg.Client({ connectionString: databaseUrl })
    await fresh.connect()
    const started = performance.now()
    await fresh.query(statement)
    const seconds = (performance.now() - started) / 1000
    await fresh.end()
    return RESPONSES / seconds
  }
}

/** A million answers as CSV through the product, beside COPY of the same cells straight from the database. */
export async function exported(bed: Bed): Promise<Bench> {
  const database = await bed.answers(RESPONSES)
  const product = await startWeb('.', database)
  const db = connect(database)
  answerFrom(db)
  try {
    const cookie = await signIn(product.url, db, 'survey_manager')
    const resting = product.memory()
    let most = 0
    let bytes = 0
    const rates = await interleave(ROUNDS, {
      product: async () => {
        const started = performance.now()
        // As COPY: not packed on the way.
        const headers = { cookie, 'accept-encoding': 'identity' }
        const answer = await fetch(`${product.url}/api/survey/export/1`, { headers })
        if (answer.status !== 200 || answer.body === null)
          throw new Error(`the export answered ${answer.status}`)
        let lines = 0
        bytes = 0
        for await (const piece of answer.body as unknown as AsyncIterable<Uint8Array>) {
          for (let at = piece.indexOf(10); at >= 0; at = piece.indexOf(10, at + 1)) lines++
          bytes += piece.length
          most = Math.max(most, product.memory())
        }
        if (lines !== RESPONSES + 1) throw new Error(`${lines} lines of ${RESPONSES + 1}`)
        return RESPONSES / ((performance.now() - started) / 1000)
      },
      baseline: await copyOf(database),
    })
    const figures: Figure[] = [
      ratio('export', 'rows/s', rates, { atLeast: 0.5 }),
      difference('memory of the web server: most, and before', 'MB', most, resting, { atMost: 200 }),
    ]
    return { name: 'export', figures, facts: { answers: RESPONSES, 'MB of CSV': Math.round(bytes / 1e6) } }
  } finally {
    answerFrom(null)
    await Promise.all([db.$disconnect(), product.stop()])
  }
}
