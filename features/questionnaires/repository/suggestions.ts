import '#server-only'
import { Prisma } from '#generated/prisma/client.ts'
import type { Instant } from '#lib/time.ts'
import { db, type Tx } from '#platform/db.ts'
import type { AnsweredState, Outcome, PublicAnswer, SuggestionState } from '../rules/suggestion.ts'

/** A suggestion as the survey manager alone reads it: the text is a citizen's own. */
export interface Suggestion {
  readonly id: string
  readonly questionnaireVersion: number
  readonly receivedMonth: Date
  readonly text: string
  readonly state: SuggestionState
  readonly mergedIntoId: string | null
  readonly summaryVi: string | null
  readonly summaryEn: string | null
  readonly answerVi: string | null
  readonly answerEn: string | null
  readonly answeredAt: Instant | null
  readonly outcomeVersion: number | null
  /** The day by which something is promised to come of it, while no version has. */
  readonly outcomeOn: Date | null
  /** True when a rule kept out the answer that it came with. */
  readonly excluded: boolean
  readonly revision: number
}

export interface SuggestionRow extends Suggestion {
  /** The number of others that went into it. */
  readonly merged: number
}

/** A place in the list: rows stand by month, then id, newest first. */
export interface SuggestionKey {
  readonly month: Date
  readonly id: string
}

/** Returns suggestions in a state, on either side of a place in the list. */
export async function suggestionRows(
  state: SuggestionState,
  from: { readonly key: SuggestionKey; readonly direction: 'after' | 'before' } | null,
  limit: number,
): Promise<SuggestionRow[]> {
  const back = from?.direction === 'before'
  const beyond = back ? 'gt' : 'lt'
  const rows = await db.surveySuggestion.findMany({
    where: {
      state,
      ...(from && {
        receivedMonth: { [back ? 'gte' : 'lte']: from.key.month },
        OR: [
          { receivedMonth: { [beyond]: from.key.month } },
          { receivedMonth: from.key.month, id: { [beyond]: from.key.id } },
        ],
      }),
    },
    orderBy: [{ receivedMonth: back ? 'asc' : 'desc' }, { id: back ? 'asc' : 'desc' }],
    take: limit,
    include: { _count: { select: { merged: true } } },
  })
  const list = rows.map(({ _count, ...row }) => ({ ...row, merged: _count.merged }))
  return back ? list.reverse() : list
}

/** Counts the suggestions in each state, no further than `most`. */
export async function suggestionCounts(
  states: readonly SuggestionState[],
  most: number,
): Promise<Record<string, number>> {
  const counts = await Promise.all(
    states.map((state) => db.surveySuggestion.count({ where: { state }, take: most })),
  )
  return Object.fromEntries(states.map((state, at) => [state, counts[at] ?? 0]))
}

export const suggestionOf = (id: string): Promise<Suggestion | null> =>
  db.surveySuggestion.findUnique({ where: { id } })

/** Returns the suggestions that went into this one. */
export const mergedInto = (id: string, limit: number): Promise<Suggestion[]> =>
  db.surveySuggestion.findMany({ where: { mergedIntoId: id }, orderBy: { id: 'asc' }, take: limit })

/** Returns suggestions with a similar text, the most similar first; merged ones are left out. */
export function similarSuggestions({ id, text }: Suggestion, limit: number): Promise<Suggestion[]> {
  return db.$queryRaw<Suggestion[]>`
    SELECT id, questionnaire_version AS "questionnaireVersion", received_month AS "receivedMonth", text, state,
      merged_into_id AS "mergedIntoId", summary_vi AS "summaryVi", summary_en AS "summaryEn",
      answer_vi AS "answerVi", answer_en AS "answerEn", answered_at AS "answeredAt",
      outcome_version AS "outcomeVersion", outcome_on AS "outcomeOn", excluded, revision
    FROM survey_suggestions
    WHERE text % ${text} AND id <> ${id}::uuid AND state <> 'merged'
    ORDER BY similarity(text, ${text}) DESC, id LIMIT ${limit}`
}

/** The text in the form in which it is compared: small letters, single blanks. */
const SAME = Prisma.sql`lower(regexp_replace(btrim(text), '\\s+', ' ', 'g'))`

/**
 * Returns the unanswered suggestions that say the very same as one, in other letters or blanks at most; `%` enters the
 * index.
 */
export async function sameSuggestions(id: string, limit: number, tx: Tx = db): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM survey_suggestions
    WHERE state = 'new' AND id <> ${id}::uuid
      AND text % (SELECT text FROM survey_suggestions WHERE id = ${id}::uuid)
      AND ${SAME} = (SELECT ${SAME} FROM survey_suggestions WHERE id = ${id}::uuid)
    ORDER BY id LIMIT ${limit}`
  return rows.map((row) => row.id)
}

/** Another unanswered suggestion with words like one's own; `same`: the very same, but for letters' size and blanks. */
export interface Alike {
  readonly id: string
  readonly text: string
  readonly same: boolean
}

/**
 * Returns the unanswered suggestions like each of a page's, the likest first, `limit` for each; none for one that went into
 * another.
 */
export async function alikeSuggestions(
  ids: readonly string[],
  limit: number,
): Promise<ReadonlyMap<string, readonly Alike[]>> {
  const rows = await db.$queryRaw<(Alike & { readonly of: string })[]>`
    SELECT one.id AS of, other.id, other.text, other.same
    FROM survey_suggestions one CROSS JOIN LATERAL (
      SELECT id, text, ${SAME} = lower(regexp_replace(btrim(one.text), '\\s+', ' ', 'g')) AS same
      FROM survey_suggestions
      WHERE state = 'new' AND id <> one.id AND text % one.text
      ORDER BY same DESC, similarity(text, one.text) DESC, id LIMIT ${limit}) other
    WHERE one.id = ANY(${[...ids]}::uuid[]) AND one.state <> 'merged'`
  return Map.groupBy(rows, ({ of }) => of)
}

/**
 * Locks some suggestions until the transaction ends and returns them: in one order, so that two who merge do not wait
 * for each other.
 */
export async function lockSuggestions(tx: Tx, ids: readonly string[]): Promise<Map<string, Suggestion>> {
  await tx.$queryRaw`SELECT id FROM survey_suggestions WHERE id = ANY(${ids}::uuid[]) ORDER BY id FOR UPDATE`
  const rows = await tx.surveySuggestion.findMany({ where: { id: { in: [...ids] } } })
  return new Map(rows.map((row) => [row.id, row]))
}

const change = (tx: Tx, id: string, data: Prisma.SurveySuggestionUncheckedUpdateInput) =>
  tx.surveySuggestion.update({
    where: { id },
    data: { ...data, revision: { increment: 1 } },
    select: { id: true },
  })

/** Puts a suggestion into another, and what went into it before along with it. */
export async function putInto(tx: Tx, id: string, into: string): Promise<void> {
  await tx.surveySuggestion.updateMany({ where: { mergedIntoId: id }, data: { mergedIntoId: into } })
  await change(tx, id, { state: 'merged', mergedIntoId: into })
}

export async function takeOut(tx: Tx, id: string): Promise<void> {
  await change(tx, id, { state: 'new', mergedIntoId: null })
}

export async function writeAnswer(
  tx: Tx,
  id: string,
  state: AnsweredState,
  answer: PublicAnswer,
  { version, on }: Outcome,
  answeredAt: Instant,
): Promise<void> {
  const outcome = { outcomeVersion: version, outcomeOn: on === '' ? null : new Date(on) }
  await change(tx, id, { state, ...answer, ...outcome, answeredAt })
}

/** The public part of a suggestion. Its text is not loaded, so that it cannot leak. */
export interface PublicSuggestion extends PublicAnswer {
  readonly id: string
  readonly state: AnsweredState
  readonly answeredAt: Instant
  readonly outcomeVersion: number | null
  readonly outcomeOn: Date | null
  /** The number of people who suggested it. */
  readonly people: number
}

/** Returns answered suggestions, the last answered first, from a place in the list on. */
export async function publicSuggestions(
  of:
    | { readonly outcomeVersions: readonly number[] }
    | { readonly before: { at: Instant; id: string } | null },
  limit: number,
): Promise<PublicSuggestion[]> {
  const rows = await db.surveySuggestion.findMany({
    where: {
      AND: [
        { answeredAt: { not: null } },
        'outcomeVersions' in of
          ? { outcomeVersion: { in: [...of.outcomeVersions] } }
          : of.before
            ? // The first condition is what the index is entered by.
              {
                answeredAt: { lte: of.before.at },
                OR: [{ answeredAt: { lt: of.before.at } }, { id: { lt: of.before.id } }],
              }
            : {},
      ],
    },
    orderBy: [{ answeredAt: 'desc' }, { id: 'desc' }],
    take: limit,
    select: {
      id: true,
      state: true,
      summaryVi: true,
      summaryEn: true,
      answerVi: true,
      answerEn: true,
      answeredAt: true,
      outcomeVersion: true,
      outcomeOn: true,
      _count: { select: { merged: true } },
    },
  })
  // The database holds that every answered suggestion has its words (survey_suggestions_answer).
  return rows.map(({ _count, ...row }) => ({ ...row, people: 1 + _count.merged })) as PublicSuggestion[]
}

export interface Uncredited {
  readonly id: string
  readonly state: SuggestionState
  readonly summaryVi: string | null
  readonly summaryEn: string | null
}

/**
 * Returns the public words of suggestions that were accepted or are tried, name no version yet and came before version
 * `before`, the first answered first.
 */
export const uncredited = (before: number, limit: number): Promise<readonly Uncredited[]> =>
  db.surveySuggestion.findMany({
    where: {
      answeredAt: { not: null },
      state: { in: ['accepted', 'tried'] },
      outcomeVersion: null,
      questionnaireVersion: { lt: before },
    },
    orderBy: [{ answeredAt: 'asc' }, { id: 'asc' }],
    take: limit,
    select: { id: true, state: true, summaryVi: true, summaryEn: true },
  })

/** Writes down that a version of the questions came of an answered suggestion; its words stay. */
export async function writeCredit(
  tx: Tx,
  id: string,
  state: AnsweredState,
  outcomeVersion: number,
): Promise<void> {
  await change(tx, id, { state, outcomeVersion, outcomeOn: null })
}
