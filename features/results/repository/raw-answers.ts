import '#server-only'
import { type KindOfQuestion, kindOf } from '#features/questionnaires/rules/question-kinds.ts'
import type { Question } from '#features/questionnaires/rules/questionnaire.ts'
import { db } from '#platform/db.ts'

/** Answers are read by the first byte of their random id: so many parts of about the same size. */
const PARTS = 256
/** Parts on their way at once: the database writes lines while others are sent. */
const AHEAD = 3

/** Returns the SQL for one question's cell: its option's code, or several with bars between. */
function cellOf({ key, kind }: Question): string {
  // A key is a name by its schema; that is asked again where it becomes part of a statement.
  if (!/^[a-z][a-z0-9_]{0,15}$/.test(key)) throw new Error(`no question's key: ${key}`)
  const code = `answers->>'${key}'`
  const cells: Readonly<Record<KindOfQuestion['exported'], string>> = {
    code: `coalesce(${code}, '')`,
    codes: `coalesce(replace(translate(${code}, '[]" ', ''), ',', '|'), '')`,
    nothing: `''`,
  }
  return cells[kindOf(kind).exported]
}

/**
 * Yields the counted answers to one version of the questions as lines of CSV, in parts. The database writes the lines,
 * so that a million rows never become objects. They are in the order of their random ids, which does not tell the order
 * in which they were given. No cell needs quotes: agencies, months and option codes hold none.
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
    SELECT string_agg(line, '') AS lines FROM (
      SELECT concat_ws(',', ${cells.join(', ')}) || E'\\r\\n' AS line FROM survey_responses
      WHERE counted AND questionnaire_version = $1::int AND id BETWEEN $2::uuid AND $3::uuid ORDER BY id
    ) AS part`
  const read = async (part: number): Promise<string> => {
    const first = part.toString(16).padStart(2, '0')
    const ends = ['0', 'f'].map(
      (rest) => first + `${'x'.repeat(6)}-xxxx-xxxx-xxxx-xxxxxxxxxxxx`.replaceAll('x', rest),
    )
    const [row] = await db.$queryRawUnsafe<{ lines: string | null }[]>(statement, version, ...ends)
    return row?.lines ?? ''
  }
  const coming: Promise<string>[] = []
  for (let part = 0; part < PARTS; part++) {
    const one = read(part)
    // Where a caller stops reading, the remaining parts are not awaited, and their failure must not end the process.
    one.catch(() => {})
    coming.push(one)
    if (coming.length > AHEAD) yield (await coming.shift()) ?? ''
  }
  for (const one of coming) yield await one
}

/** Returns how many answers of each version are counted, by version. */
export async function countedAnswers(): Promise<Map<number, number>> {
  const rows = await db.surveyTally.groupBy({ by: ['questionnaireVersion'], _sum: { published: true } })
  return new Map(rows.map(({ questionnaireVersion, _sum }) => [questionnaireVersion, _sum.published ?? 0]))
}
