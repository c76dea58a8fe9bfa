import '#server-only'
import { releaseSplit, splitBatch } from '#domain/survey/code-split.ts'
import { addTally, type Tally } from '#domain/survey/distribution.ts'
import { type Month, monthOf } from '#domain/survey/month.ts'
import { type Cell, countBatch, release } from '#domain/survey/publication.ts'
import { HEADLINE, type Questionnaire } from '#domain/survey/questionnaire.ts'
import type { Instant } from '#domain/time.ts'
import type { Tx } from '#server/platform/db.ts'
import { releaseComments } from '../repository/comments.ts'
import {
  cellsOf,
  type FiguresKey,
  keepCells,
  keepMonth,
  keepSplit,
  splitOf,
  takeWaiting,
  monthOf as tallyOfMonth,
  type Waiting,
} from '../repository/publication.ts'

/** Adds the ten answers that waited to what everybody may see, and lets the agency read their comments. Call with the agency's tally held. */
export async function publish(
  tx: Tx,
  agencyId: string,
  { version, questions }: Questionnaire,
  now: Instant,
): Promise<void> {
  const key = { agencyId, questionnaireVersion: version }
  const month = monthOf(now)
  const ten = await takeWaiting(tx, key, month)
  const kinds = new Map(questions.map(({ key: question, kind }) => [question, kind]))
  const before = await cellsOf(tx, key)
  const cells = new Map<string, Cell>()
  const released = new Map<string, Tally>()
  for (const [question, batch] of Object.entries(countBatch(ten.map(({ answers }) => answers)))) {
    const after = release(before(question), batch, kinds.get(question) ?? 'single')
    cells.set(question, after.cell)
    if (after.released) released.set(question, after.released)
  }
  await keepCells(tx, key, cells)
  await addToMonth(tx, key, month, released)
  await releaseComments(tx, key, month)
  await keepSplit(tx, key, releaseSplit(await splitOf(tx, key), splitBatch(headlineOf(ten))))
}

async function addToMonth(
  tx: Tx,
  key: FiguresKey,
  month: Month,
  released: ReadonlyMap<string, Tally>,
): Promise<void> {
  const sofar = await tallyOfMonth(tx, key, month)
  const tallies = [...released].map(
    ([question, tally]) => [question, addTally(sofar(question), tally)] as const,
  )
  await keepMonth(tx, key, month, new Map(tallies))
}

const headlineOf = (ten: readonly Waiting[]) =>
  ten.flatMap(({ answers, withCode }) => {
    const code = answers[HEADLINE]
    return typeof code === 'string' ? [{ code, withCode }] : []
  })
