import { FOR_FILES } from '#features/accounts/factors/rules.ts'
import { questionsSchema } from '#features/questionnaires/questions/rules.ts'
import { addMilliseconds, HOUR } from '#lib/time.ts'
import { type Bed, startWeb } from './bed.ts'
import { answerFrom, connect } from './connection.ts'
import { csvBesideCopy } from './csv.ts'
import type { Bench } from './measure.ts'
import { signIn } from './sign-in.ts'

const RESPONSES = Number(process.env.BENCH_EXPORT ?? 1_000_000)

/** Returns the statement by which PostgreSQL writes the same cells as the export. */
const copyOf = (keys: readonly string[]): string =>
  `COPY (SELECT agency_id, left(received_month::text, 7), left(service_date::text, 7), with_code,
    ${keys.map((key) => `answers->>'${key}'`).join(', ')}
  FROM survey_responses WHERE counted AND questionnaire_version = 1) TO STDOUT (FORMAT csv)`

/** Measures a million answers as CSV through the product, beside COPY of the same cells directly from the database. */
export async function exported(bed: Bed): Promise<Bench> {
  const databaseUrl = await bed.answers(RESPONSES)
  const product = await startWeb(databaseUrl)
  const db = connect(databaseUrl)
  answerFrom(db)
  try {
    const { questions } = await db.questionnaire.findUniqueOrThrow({ where: { version: 1 } })
    const cookie = await signIn(product.url, db, 'survey_manager')
    // Keeps the one-time code for files valid through all rounds.
    await db.staffSession.updateMany({
      data: { codeAt: addMilliseconds(new Date(), HOUR), codeFor: FOR_FILES },
    })
    const { figures, megabytes } = await csvBesideCopy(product, {
      name: 'export',
      path: '/api/survey/export/1',
      headers: { cookie },
      rows: RESPONSES,
      copy: copyOf(questionsSchema.parse(questions).map(({ key }) => key)),
      databaseUrl,
    })
    return { name: 'export', figures, facts: { answers: RESPONSES, 'MB of CSV': megabytes } }
  } finally {
    answerFrom(null)
    await Promise.all([db.$disconnect(), product.stop()])
  }
}
