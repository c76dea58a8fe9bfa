import '#server-only'
import { closedWeek } from '#features/kiosks/rules.ts'
import { HEADLINE, type Questionnaire } from '#features/questionnaires/questions/rules.ts'
import { releaseParts } from '#features/results/parts/rules.ts'
import { monthOf } from '#features/results/rules.ts'
import { channelBatch, releaseChannels, releaseSplit, splitBatch } from '#features/results/splits/rules.ts'
import { addTally, NO_TALLY, type Tally } from '#features/results/tally-rules.ts'
import { MIN_KIOSK_GROUP } from '#lib/statistics/groups.ts'
import type { Instant } from '#lib/time.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { examineWaiting } from '../comments/acts.ts'
import {
  type FiguresKey,
  findKiosksWaiting,
  keepFigures,
  keepKioskFigures,
  takeKioskAnswers,
  takeWaiting,
  type WaitingAnswer,
} from './data.ts'
import { type Cell, countBatch, EMPTY_CELL, release, releaseBatch } from './rules.ts'

/** Publishes an agency's waiting answers, and lets it read their comments. Call it with the agency's tally locked. */
export async function publish(tx: Tx, agencyId: string, { version, questions }: Questionnaire, now: Instant) {
  const key = { agencyId, questionnaireVersion: version }
  const month = monthOf(now)
  await examineWaiting(tx, key, now)
  const before = await takeWaiting(tx, key, month)
  const kinds = new Map(questions.map(({ key: question, kind }) => [question, kind]))
  const cells: Record<string, Cell> = {}
  const months: Record<string, Tally> = {}
  const added = before.waiting.filter(({ sameNetwork }) => !sameNetwork)
  for (const [question, batch] of Object.entries(countBatch(added))) {
    // Questions that only a stopped trial asked are not published.
    if (!kinds.has(question)) continue
    const cell = before.cells[question] ?? EMPTY_CELL
    const after = releaseBatch(cell, batch, kinds.get(question))
    cells[question] = after.cell
    if (after.released) months[question] = addTally(before.months[question] ?? NO_TALLY, after.released)
  }
  const headline = headlineOf(added)
  const split = releaseSplit(before.split, splitBatch(headline))
  const channels = releaseChannels(before.channels, channelBatch(headline))
  const sameNetwork = before.waiting.length - added.length
  const parts = releaseParts(before.parts, added, questions, month)
  await keepFigures(tx, key, month, { cells, months, split, channels, parts, sameNetwork })
}

const headlineOf = (answers: readonly WaitingAnswer[]) =>
  answers.flatMap(({ answers, withCode, repeated, channel }) => {
    const code = answers[HEADLINE]
    return typeof code === 'string' ? [{ code, withCode, repeated, channel }] : []
  })

/** Publishes the kiosk answers of past weeks where thirty count. Returns for how many agencies and versions figures changed. */
export async function publishKiosks(now: Instant): Promise<number> {
  const week = closedWeek(now)
  let moved = 0
  for (const key of await findKiosksWaiting(week)) if (await publishWeek(key, week, now)) moved++
  return moved
}

const publishWeek = (key: FiguresKey, week: string, now: Instant): Promise<boolean> =>
  transaction(async (tx) => {
    await examineWaiting(tx, key, now)
    const given = await takeKioskAnswers(tx, key, week, monthOf(now))
    if (given.length === 0) return false
    const before = await readKioskFigures(tx, key)
    const cells: Record<string, Cell> = {}
    const weeks: Record<string, Tally> = {}
    for (const [question, batch] of Object.entries(countBatch(given))) {
      const { cell, released } = release(before[question] ?? EMPTY_CELL, batch, MIN_KIOSK_GROUP)
      cells[question] = cell
      if (released !== null) weeks[question] = released
    }
    await keepKioskFigures(tx, key, week, { cells, weeks })
    return true
  })

/** Returns the figures of an agency's kiosks, by question. Call it after `takeKioskAnswers`, which locks their answers. */
async function readKioskFigures(tx: Tx, { agencyId, questionnaireVersion }: FiguresKey) {
  const rows = await tx.kioskCell.findMany({ where: { agencyId, questionnaireVersion } })
  return Object.fromEntries(
    rows.map((row) => [
      row.question,
      {
        published: { respondents: row.respondents, counts: row.published },
        held: { respondents: row.heldRespondents, counts: row.held },
        heldPeople: row.heldPeople,
      } as Cell,
    ]),
  )
}
