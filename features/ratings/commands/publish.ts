import '#server-only'
import { HEADLINE, type Questionnaire } from '#features/questionnaires/rules/questionnaire.ts'
import { channelBatch, releaseChannels } from '#features/results/rules/channel-split.ts'
import { releaseSplit, splitBatch } from '#features/results/rules/code-split.ts'
import { addTally, NO_TALLY, type Tally } from '#features/results/rules/distribution.ts'
import { monthOf } from '#features/results/rules/month.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { keepFigures, takeWaiting, type Waiting } from '../repository/publication.ts'
import { type Cell, countBatch, EMPTY_CELL, releaseBatch } from '../rules/publication.ts'
import { examineWaiting } from './review.ts'

/** Adds the answers that waited to what everybody may see, and lets the agency read their comments. Call with the agency's tally locked. */
export async function publish(
  tx: Tx,
  agencyId: string,
  { version, questions }: Questionnaire,
  now: Instant,
): Promise<void> {
  const key = { agencyId, questionnaireVersion: version }
  const month = monthOf(now)
  await examineWaiting(tx, key, now)
  const before = await takeWaiting(tx, key, month)
  const kinds = new Map(questions.map(({ key: question, kind }) => [question, kind]))
  const cells: Record<string, Cell> = {}
  const months: Record<string, Tally> = {}
  for (const [question, batch] of Object.entries(countBatch(before.waiting))) {
    const cell = before.cells[question] ?? EMPTY_CELL
    const after = releaseBatch(cell, batch, kinds.get(question))
    cells[question] = after.cell
    if (after.released) months[question] = addTally(before.months[question] ?? NO_TALLY, after.released)
  }
  const headline = headlineOf(before.waiting)
  const split = releaseSplit(before.split, splitBatch(headline))
  const channels = releaseChannels(before.channels, channelBatch(headline))
  await keepFigures(tx, key, month, { cells, months, split, channels })
}

const headlineOf = (answers: readonly Waiting[]) =>
  answers.flatMap(({ answers, withCode, repeated, channel }) => {
    const code = answers[HEADLINE]
    return typeof code === 'string' ? [{ code, withCode, repeated, channel }] : []
  })
