import '#server-only'
import type { Question } from '#domain/survey/questionnaire.ts'
import { db } from '#server/platform/db.ts'

/** Rows a statement: each takes some 30 ms, and what is held of it is half a megabyte. */
const ROWS = 5_000
const FIRST = '00000000-0000-0000-0000-000000000000'

/** One question's cell: its option's code, or several with bars between. */
function cellOf({ key, kind }: Question): string {
  // A key is a name by its schema; that is asked again where it becomes part of a statement.
  if (!/^[a-z][a-z0-9_]{0,15}$/.test(key)) throw new Error(`no question's key: ${key}`)
  const code = `answers->>'${key}'`
  return `coalesce(${kind === 'several' ? `replace(translate(${code}, '[]" ', ''), ',', '|')` : code}, '')`
}

/**
 * The counted answers to one version of the questions as lines of CSV, some thousands at a time; the next are asked for
 * while the last are on their way. The database writes the lines: a million rows never become objects. They come in the
 * order of their random ids, which says nothing of the order in which they were given. No cell needs quotes: agencies,
 * months and option codes hold none.
 */
export async function* rawAnswers(version: number, questions: readonly Question[]): AsyncGenerator<string> {
  const cells = [
    'agency_id',
    'left(received_month::text, 7)',
    'left(service_date::text, 7)',
    'with_code',
    ...questions.map(cellOf),
  ]
  const statement = `
    SELECT string_agg(line, '') AS lines, max(id::text COLLATE "C") AS last FROM (
      SELECT id, concat_ws(',', ${cells.join(', ')}) || E'\\r\\n' AS line FROM survey_responses
      WHERE counted AND questionnaire_version = $1::int AND id > $2::uuid ORDER BY id LIMIT ${ROWS}
    ) AS chunk`
  const after = async (id: string) => {
    const [some] = await db.$queryRawUnsafe<{ lines: string | null; last: string | null }[]>(
      statement,
      version,
      id,
    )
    return some
  }
  let next = after(FIRST)
  for (;;) {
    const some = await next
    if (some?.lines == null || some.last === null) return
    next = after(some.last)
    // Whoever stops reading leaves this one unawaited; its failure is then nobody's.
    next.catch(() => {})
    yield some.lines
  }
}

/** How many answers of each version are counted, by version. */
export async function countedAnswers(): Promise<Map<number, number>> {
  const rows = await db.surveyTally.groupBy({ by: ['questionnaireVersion'], _sum: { published: true } })
  return new Map(rows.map(({ questionnaireVersion, _sum }) => [questionnaireVersion, _sum.published ?? 0]))
}
