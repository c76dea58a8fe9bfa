import '#server-only'
import type { Parts } from '#features/results/parts/rules.ts'
import { firstDay, type Month } from '#features/results/rules.ts'
import {
  type ChannelSplit,
  type CodeSplit,
  NO_CHANNEL_SPLIT,
  NO_CODE_SPLIT,
} from '#features/results/splits/rules.ts'
import { type Tally, total } from '#features/results/tally-rules.ts'
import { Prisma } from '#generated/prisma/client.ts'
import { MIN_KIOSK_GROUP, MIN_PUBLIC_GROUP } from '#lib/statistics/groups.ts'
import { db, rawQuery, sql, type Tx } from '#platform/db.ts'
import { combineAsCte } from '#platform/deferred-writes.ts'
import type { AnswerChannel } from '../rating/rules.ts'
import type { Cell, Given } from './rules.ts'

/** Identifies the figures of one agency's answers to one version of the questions. They change together, under one lock. */
export interface FiguresKey {
  readonly agencyId: string
  readonly questionnaireVersion: number
}

/** Counts an answer whose address is no longer known as none of the ten people, and locks the agency's tally. */
export async function countRepeated(tx: Tx, { agencyId, questionnaireVersion: version }: FiguresKey) {
  await rawQuery(
    tx,
    Prisma.sql`SELECT count_answer(${agencyId}, ${version}::int, false, ${MIN_PUBLIC_GROUP}::int)`,
  )
}

export interface WaitingAnswer extends Given {
  readonly withCode: boolean
  /** True if another answer of its network came first on its day. The answer is kept, but not added to any figure. */
  readonly sameNetwork: boolean
  readonly channel: AnswerChannel
  readonly serviceMonth: Month
  readonly procedure: string | null
}

/** All figures that a release of ten people's answers changes. */
interface Figures {
  /** By question key. */
  readonly cells: Readonly<Record<string, Cell>>
  /** The part of each question's figures that belongs to the month so far, by question key. */
  readonly months: Readonly<Record<string, Tally>>
  readonly split: CodeSplit
  readonly channels: ChannelSplit
  readonly parts: Parts
}

/** Counts the waiting answers in the month of release: the month of receipt could single out the only answer of a new month. */
export async function takeWaiting(
  tx: Tx,
  { agencyId, questionnaireVersion: version }: FiguresKey,
  month: Month,
): Promise<Figures & { readonly waiting: readonly WaitingAnswer[] }> {
  const [row] = await rawQuery<Figures & { waiting: WaitingAnswer[] }>(
    tx,
    Prisma.sql`
    SELECT
      (SELECT coalesce(jsonb_agg(jsonb_build_object('answers', answers, 'withCode', with_code,
          'repeated', repeated, 'sameNetwork', same_network, 'channel', channel,
          'serviceMonth', left(service_date::text, 7), 'procedure', procedure)), '[]')
        FROM take_waiting_answers(${agencyId}, ${version}, ${firstDay(month)}::date)) AS waiting,
      (SELECT coalesce(jsonb_object_agg(question, jsonb_build_object(
          'published', jsonb_build_object('respondents', respondents, 'counts', published),
          'held', jsonb_build_object('respondents', held_respondents, 'counts', held),
          'heldPeople', held_people)), '{}')
        FROM survey_cells WHERE agency_id = ${agencyId} AND questionnaire_version = ${version}) AS cells,
      (SELECT coalesce(jsonb_object_agg(question, jsonb_build_object('respondents', respondents, 'counts', counts)), '{}')
        FROM survey_months WHERE agency_id = ${agencyId} AND questionnaire_version = ${version}
          AND month = ${firstDay(month)}::date) AS months,
      coalesce((SELECT jsonb_build_object(
          'published', jsonb_build_object('withCode', with_code, 'withoutCode', without_code),
          'held', jsonb_build_object(
            'counts', jsonb_build_object('withCode', held_with_code, 'withoutCode', held_without_code),
            'people', jsonb_build_object('withCode', held_people_with_code, 'withoutCode', held_people_without_code)))
        FROM survey_code_splits WHERE agency_id = ${agencyId} AND questionnaire_version = ${version}),
        ${JSON.stringify(NO_CODE_SPLIT)}::jsonb) AS split,
      coalesce((SELECT jsonb_build_object('published', published,
          'held', jsonb_build_object('counts', held, 'people', held_people))
        FROM survey_channel_splits WHERE agency_id = ${agencyId} AND questionnaire_version = ${version}),
        ${JSON.stringify(NO_CHANNEL_SPLIT)}::jsonb) AS channels,
      (SELECT coalesce(jsonb_object_agg(facet, parts), '{}') FROM (
        SELECT facet, jsonb_object_agg(value, jsonb_build_object(
          'published', published, 'held', held, 'heldPeople', held_people)) AS parts
        FROM survey_parts WHERE agency_id = ${agencyId} AND questionnaire_version = ${version}
        GROUP BY facet) AS told) AS parts`,
  )
  if (!row) throw new Error('no figures were answered')
  return row
}

export async function keepFigures(
  tx: Tx,
  key: FiguresKey,
  month: Month,
  { cells, months, split, channels, parts, sameNetwork }: Figures & { readonly sameNetwork: number },
): Promise<void> {
  await rawQuery(
    tx,
    combineAsCte([
      keptCells(sql`survey_cells`, key, cells),
      keptMonths(key, month, months),
      keptSplit(key, split),
      keptChannels(key, channels),
      keptParts(key, parts),
      ...(sameNetwork > 0 ? [keptSameNetwork(key, month, sameNetwork)] : []),
    ]),
  )
}

function keptCells(
  table: Prisma.Sql,
  { agencyId, questionnaireVersion: version }: FiguresKey,
  cells: Figures['cells'],
) {
  const rows = Object.entries(cells).map(([question, { published, held, heldPeople }]) => ({
    ...{ question, respondents: published.respondents, published: published.counts },
    ...{ held_respondents: held.respondents, held: held.counts, held_people: heldPeople },
  }))
  return sql`
    INSERT INTO ${table}
      (agency_id, questionnaire_version, question, respondents, published, held_respondents, held, held_people)
    SELECT ${agencyId}, ${version}::int, question, respondents, published, held_respondents, held, held_people
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      AS cell (question text, respondents int, published jsonb, held_respondents int, held jsonb, held_people int)
    ON CONFLICT (agency_id, questionnaire_version, question) DO UPDATE SET
      respondents = EXCLUDED.respondents, published = EXCLUDED.published,
      held_respondents = EXCLUDED.held_respondents, held = EXCLUDED.held, held_people = EXCLUDED.held_people`
}

function keptMonths(
  { agencyId, questionnaireVersion: version }: FiguresKey,
  month: Month,
  months: Figures['months'],
): Prisma.Sql {
  const rows = Object.entries(months).map(([question, tally]) => ({ question, ...tally }))
  return Prisma.sql`
    INSERT INTO survey_months (agency_id, questionnaire_version, question, month, respondents, counts)
    SELECT ${agencyId}, ${version}::int, question, ${firstDay(month)}::date, respondents, counts
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS tally (question text, respondents int, counts jsonb)
    ON CONFLICT (agency_id, question, month, questionnaire_version) DO UPDATE SET
      respondents = EXCLUDED.respondents, counts = EXCLUDED.counts`
}

const keptSplit = (
  { agencyId, questionnaireVersion: version }: FiguresKey,
  { published, held }: CodeSplit,
): Prisma.Sql => Prisma.sql`
  INSERT INTO survey_code_splits
    (agency_id, questionnaire_version, with_code, without_code, held_with_code, held_without_code,
     held_people_with_code, held_people_without_code)
  VALUES (${agencyId}, ${version}::int, ${JSON.stringify(published.withCode)}::jsonb,
    ${JSON.stringify(published.withoutCode)}::jsonb, ${JSON.stringify(held.counts.withCode)}::jsonb,
    ${JSON.stringify(held.counts.withoutCode)}::jsonb, ${held.people.withCode}::int, ${held.people.withoutCode}::int)
  ON CONFLICT (agency_id, questionnaire_version) DO UPDATE SET
    with_code = EXCLUDED.with_code, without_code = EXCLUDED.without_code,
    held_with_code = EXCLUDED.held_with_code, held_without_code = EXCLUDED.held_without_code,
    held_people_with_code = EXCLUDED.held_people_with_code,
    held_people_without_code = EXCLUDED.held_people_without_code`

const keptChannels = (
  { agencyId, questionnaireVersion: version }: FiguresKey,
  { published, held }: ChannelSplit,
): Prisma.Sql => Prisma.sql`
  INSERT INTO survey_channel_splits (agency_id, questionnaire_version, published, held, held_people)
  VALUES (${agencyId}, ${version}::int, ${JSON.stringify(published)}::jsonb, ${JSON.stringify(held.counts)}::jsonb,
    ${JSON.stringify(held.people)}::jsonb)
  ON CONFLICT (agency_id, questionnaire_version) DO UPDATE SET
    published = EXCLUDED.published, held = EXCLUDED.held, held_people = EXCLUDED.held_people`

function keptParts({ agencyId, questionnaireVersion: version }: FiguresKey, parts: Parts): Prisma.Sql {
  const rows = Object.entries(parts).flatMap(([facet, values]) =>
    Object.entries(values).map(([value, { published, held, heldPeople }]) => ({
      ...{ facet, value, respondents: total(published), published, held, held_people: heldPeople },
    })),
  )
  return Prisma.sql`
    INSERT INTO survey_parts
      (agency_id, questionnaire_version, facet, value, respondents, published, held, held_people)
    SELECT ${agencyId}, ${version}::int, facet, value, respondents, published, held, held_people
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      AS part (facet text, value text, respondents int, published jsonb, held jsonb, held_people int)
    ON CONFLICT (agency_id, questionnaire_version, facet, value) DO UPDATE SET
      respondents = EXCLUDED.respondents, published = EXCLUDED.published, held = EXCLUDED.held,
      held_people = EXCLUDED.held_people`
}

const keptSameNetwork = (
  { agencyId, questionnaireVersion: version }: FiguresKey,
  month: Month,
  answers: number,
): Prisma.Sql => Prisma.sql`
  INSERT INTO survey_same_network AS kept (agency_id, questionnaire_version, month, answers)
  VALUES (${agencyId}, ${version}::int, ${firstDay(month)}::date, ${answers}::int)
  ON CONFLICT (agency_id, month, questionnaire_version) DO UPDATE SET answers = kept.answers + EXCLUDED.answers`

/** Returns the agencies and versions of the questions with waiting kiosk answers of weeks up to `week`. */
export const findKiosksWaiting = (week: string): Promise<FiguresKey[]> => db.$queryRaw<FiguresKey[]>`
  SELECT DISTINCT agency_id AS "agencyId", questionnaire_version AS "questionnaireVersion"
  FROM survey_kiosk_responses WHERE NOT counted AND removal_id IS NULL AND week <= ${week}::date ORDER BY 1, 2`

/** Marks the waiting answers up to a week as counted in that week, and returns them; empty if fewer than thirty of them count. */
export const takeKioskAnswers = (
  tx: Tx,
  { agencyId, questionnaireVersion: version }: FiguresKey,
  week: string,
  month: Month,
): Promise<Given[]> =>
  rawQuery<Given>(
    tx,
    sql`SELECT answers, NOT person AS repeated
      FROM take_kiosk_weeks(${agencyId}, ${version}::int, ${week}::date, ${firstDay(month)}::date,
        ${MIN_KIOSK_GROUP}::int)`,
  )

/** Writes the figures that changed with a week. `weeks`: the part of each question's figures that became public with it. */
export async function keepKioskFigures(
  tx: Tx,
  key: FiguresKey,
  week: string,
  { cells, weeks }: { readonly cells: Figures['cells']; readonly weeks: Readonly<Record<string, Tally>> },
): Promise<void> {
  await rawQuery(tx, keptCells(sql`survey_kiosk_cells`, key, cells))
  const released = Object.entries(weeks).map(([question, tally]) => ({ question, ...tally }))
  await rawQuery(
    tx,
    sql`INSERT INTO survey_kiosk_weeks (agency_id, questionnaire_version, question, week, respondents, counts)
    SELECT ${key.agencyId}, ${key.questionnaireVersion}::int, question, ${week}::date, respondents, counts
    FROM jsonb_to_recordset(${JSON.stringify(released)}::jsonb) AS tally (question text, respondents int, counts jsonb)`,
  )
}
