import '#server-only'
import { AsyncLocalStorage } from 'node:async_hooks'
import { findAgenciesUpTo, readCatalogue } from '#features/agencies/data.ts'
import { type Agency, type AgencyPast, pastOf } from '#features/agencies/rules.ts'
import {
  isInWords,
  type KindOfQuestion,
  kindOf,
  type Question,
} from '#features/questionnaires/questions/rules.ts'
import { listPublishedQuestionnaires } from '#features/questionnaires/versions/data.ts'
import { type AskedQuestion, askedQuestions } from '#features/questionnaires/versions/rules.ts'
import { countTexts } from '#features/ratings/comments/data.ts'
import { wholeTens } from '#features/ratings/comments/rules.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { type Instant, localDate } from '#lib/time.ts'
import { db } from '#platform/db.ts'
import { fromReplica } from '#platform/read-replica.ts'
import type { TextResult } from './agency-data.ts'
import { readDispersion, readPublicCells } from './data.ts'
import { addTally, NO_TALLY, type Tally, withDispersion } from './tally-rules.ts'

/** Answers are read by the first byte of their random id, which gives parts of about the same size. */
const PARTS = 256
/** The number of parts requested ahead, so that the database writes lines while others are sent. */
const AHEAD = 3

/** Returns the SQL for one question's cell: the code of the chosen option, or several codes separated by bars. */
function cellOf({ key, kind }: Question): string {
  // The schema already restricts keys. This checks again because the key becomes part of an SQL statement.
  if (!/^[a-z][a-z0-9_]{0,15}$/.test(key)) throw new Error(`no question's key: ${key}`)
  const code = `answers->>'${key}'`
  const cells: Readonly<Record<KindOfQuestion['exported'], string>> = {
    code: `coalesce(${code}, '')`,
    codes: `coalesce(replace(translate(${code}, '[]" ', ''), ',', '|'), '')`,
    nothing: `''`,
  }
  return cells[kindOf(kind).exported]
}

/** Yields the counted answers to one version as lines of CSV. The order by random id hides the order in which they came. */
export async function* readRawAnswers(
  version: number,
  questions: readonly Question[],
): AsyncGenerator<string> {
  const cells = [
    'agency_id',
    'left(received_month::text, 7)',
    'left(service_date::text, 7)',
    'with_code',
    'same_network',
    ...questions.map(cellOf),
  ]
  const statement = `
    SELECT string_agg(line, '') AS lines FROM (
      SELECT concat_ws(',', ${cells.join(', ')}) || E'\\r\\n' AS line FROM survey_responses
      WHERE counted AND questionnaire_version = $1::int AND id BETWEEN $2::uuid AND $3::uuid ORDER BY id
    ) AS part`
  // All parts come from one server: two servers could differ by answers that were not yet published in tens.
  const atSource = await fromReplica(async () => AsyncLocalStorage.snapshot())
  const read = async (part: number): Promise<string> => {
    const first = part.toString(16).padStart(2, '0')
    const ends = ['0', 'f'].map(
      (rest) => first + `${'x'.repeat(6)}-xxxx-xxxx-xxxx-xxxxxxxxxxxx`.replaceAll('x', rest),
    )
    const [row] = await atSource(() =>
      db.$queryRawUnsafe<{ lines: string | null }[]>(statement, version, ...ends),
    )
    return row?.lines ?? ''
  }
  const coming: Promise<string>[] = []
  for (let part = 0; part < PARTS; part++) {
    const one = read(part)
    // If the caller stops reading, nobody awaits the remaining parts, and their failure must not end the process.
    one.catch(() => {})
    coming.push(one)
    if (coming.length > AHEAD) yield (await coming.shift()) ?? ''
  }
  for (const one of coming) yield await one
}

async function countedAnswers(): Promise<Map<number, number>> {
  const rows = await db.surveyTally.groupBy({ by: ['questionnaireVersion'], _sum: { published: true } })
  return new Map(rows.map(({ questionnaireVersion, _sum }) => [questionnaireVersion, _sum.published ?? 0]))
}

export interface AgencyAnswers {
  readonly agency: Agency
  readonly past: AgencyPast
  readonly asked: readonly { readonly question: AskedQuestion; readonly tally: Tally }[]
  /** The free-text questions with ten answers or more. */
  readonly texts: readonly TextResult[]
}

export async function readAllAnswers(now: Instant): Promise<readonly AgencyAnswers[]> {
  const today = localDate(now)
  const [known, whole, cells, versions, counted, { factor }] = await Promise.all([
    findAgenciesUpTo(today),
    readCatalogue(),
    readPublicCells({}),
    listPublishedQuestionnaires(now),
    countTexts(),
    readDispersion(now),
  ])
  const tallies = new Map<string, Tally>()
  for (const { agencyId, version, question, respondents, counts } of cells)
    tallies.set(`${agencyId} ${version} ${question}`, { respondents, counts })
  const every = askedQuestions(versions, now)
  const inWords = versions.flatMap(({ version, questions }) =>
    questions.filter(({ kind }) => isInWords(kind)).map(({ key, vi, en }) => ({ version, key, vi, en })),
  )
  return known.map((agency) => {
    const { id } = agency
    const asked = every.flatMap((question) => {
      const tally = question.versions
        .map((version) => tallies.get(`${id} ${version} ${question.question.key}`) ?? NO_TALLY)
        .reduce(addTally, NO_TALLY)
      return tally.respondents === 0 ? [] : [{ question, tally: withDispersion(tally, factor) }]
    })
    const texts = inWords.flatMap((one) => {
      const found = counted.find(
        ({ agencyId, version, question }) =>
          agencyId === id && version === one.version && question === one.key,
      )
      const answers = wholeTens(found?.answers ?? 0)
      return answers === 0 ? [] : [{ ...one, answers }]
    })
    return { agency, past: pastOf(whole, id, today), asked, texts }
  })
}

export async function listExportable(actor: StaffActor, now: Instant) {
  if (!may(actor.role, 'survey:manage')) return []
  const [versions, counted] = await Promise.all([listPublishedQuestionnaires(now), countedAnswers()])
  return versions.map(({ version }) => ({ version, answers: counted.get(version) ?? 0 }))
}
