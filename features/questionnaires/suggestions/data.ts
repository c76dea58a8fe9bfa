import '#server-only'
import { Prisma, type SurveySuggestion } from '#generated/prisma/client.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import type { Instant } from '#lib/time.ts'
import { db, type Tx } from '#platform/db.ts'
import {
  type AnsweredState,
  findAlike,
  type PublicAnswer,
  SUGGESTION_STATES,
  type SuggestionState,
  sameText,
} from './rules.ts'

/** A suggestion with the citizen's own text, which only the survey manager reads. */
export type Suggestion = SurveySuggestion

/** A position in the list, which is ordered by month, then id, newest first. */
export interface SuggestionKey {
  readonly month: Date
  readonly id: string
}

async function suggestionRows(
  state: SuggestionState,
  from: { readonly key: SuggestionKey; readonly direction: 'after' | 'before' } | null,
  limit: number,
) {
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

export async function countSuggestions(states: readonly SuggestionState[], most: number) {
  const counts = await Promise.all(
    states.map((state) => db.surveySuggestion.count({ where: { state }, take: most })),
  )
  return Object.fromEntries(states.map((state, at) => [state, counts[at] ?? 0]))
}

const suggestionOf = (id: string) => db.surveySuggestion.findUnique({ where: { id } })

/** The number of newest suggestions that others are compared with. */
const COMPARED = 2_000

const OPEN = {
  orderBy: [{ receivedMonth: 'desc' }, { id: 'desc' }],
  take: COMPARED,
} as const satisfies Prisma.SurveySuggestionFindManyArgs

/** The text as it is compared: in lower case, with single blanks. */
const SAME = Prisma.sql`lower(regexp_replace(btrim(text), '\\s+', ' ', 'g'))`

/** Returns the unanswered suggestions with the same text, apart from case and blanks. The `%` operator uses the index. */
export async function findSameSuggestions(id: string, limit: number, tx: Tx = db): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM survey_suggestions
    WHERE state = 'new' AND id <> ${id}::uuid
      AND text % (SELECT text FROM survey_suggestions WHERE id = ${id}::uuid)
      AND ${SAME} = (SELECT ${SAME} FROM survey_suggestions WHERE id = ${id}::uuid)
    ORDER BY id LIMIT ${limit}`
  return rows.map((row) => row.id)
}

/** Returns the unanswered suggestions similar to each on a page, the most similar first. `same`: of the same text. */
async function alikeSuggestions(rows: readonly Suggestion[], limit: number) {
  const open = await db.surveySuggestion.findMany({
    ...OPEN,
    where: { state: 'new' },
    select: { id: true, text: true },
  })
  const likest = findAlike(open)
  return new Map(
    rows
      .filter(({ state }) => state !== 'merged')
      .map((row) => [
        row.id,
        likest(row, limit).map((other) => ({ ...other, same: sameText(other.text) === sameText(row.text) })),
      ]),
  )
}

/** Locks some suggestions in one order, so that two merges cannot deadlock, and returns them. */
export async function lockSuggestions(tx: Tx, ids: readonly string[]): Promise<Map<string, Suggestion>> {
  await tx.$queryRaw`SELECT id FROM survey_suggestions WHERE id = ANY(${ids}::uuid[]) ORDER BY id FOR UPDATE`
  const rows = await tx.surveySuggestion.findMany({ where: { id: { in: [...ids] } } })
  return new Map(rows.map((row) => [row.id, row]))
}

export const changeSuggestion = (tx: Tx, id: string, data: Prisma.SurveySuggestionUncheckedUpdateInput) =>
  tx.surveySuggestion.update({
    where: { id },
    data: { ...data, revision: { increment: 1 } },
    select: { id: true },
  })

/** Merges a suggestion into another, with those merged into it earlier; returns the ids of the latter. */
export async function putInto(tx: Tx, id: string, into: string): Promise<string[]> {
  const select = { id: true } as const
  const along = await tx.surveySuggestion.findMany({ where: { mergedIntoId: id }, select })
  await tx.surveySuggestion.updateMany({
    where: { mergedIntoId: id, cameWithId: null },
    data: { cameWithId: id },
  })
  await tx.surveySuggestion.updateMany({ where: { mergedIntoId: id }, data: { mergedIntoId: into } })
  await changeSuggestion(tx, id, { state: 'merged', mergedIntoId: into, cameWithId: null })
  return along.map((one) => one.id)
}

/** Separates a suggestion from the one it is in, with those that moved along with it; returns the ids of the latter. */
export async function takeOut(tx: Tx, { id, mergedIntoId }: Suggestion): Promise<string[]> {
  const there = await tx.surveySuggestion.findMany({
    where: { mergedIntoId, cameWithId: { not: null } },
    select: { id: true, cameWithId: true },
  })
  const own = [id]
  for (const one of own)
    own.push(...there.filter(({ cameWithId }) => cameWithId === one).map((other) => other.id))
  const along = own.slice(1)
  // A colleague may have separated one of them since.
  await tx.surveySuggestion.updateMany({
    where: { id: { in: along }, mergedIntoId },
    data: { mergedIntoId: id },
  })
  await tx.surveySuggestion.updateMany({
    where: { mergedIntoId: id, cameWithId: id },
    data: { cameWithId: null },
  })
  await changeSuggestion(tx, id, { state: 'new', mergedIntoId: null, cameWithId: null })
  return along
}

/** The public part of a suggestion. Its text is not loaded, so that it cannot leak. */
interface PublicSuggestion extends PublicAnswer {
  readonly id: string
  readonly state: AnsweredState
  readonly answeredAt: Instant
  readonly outcomeVersion: number | null
  readonly outcomeOn: Date | null
  readonly people: number
}

/** Returns answered suggestions from a position in the list on, the last answered first. */
async function publicSuggestions(
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
            ? // The first condition lets the index be used.
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
  // The database ensures that every answered suggestion has its words (survey_suggestions_answer).
  return rows.map(({ _count, ...row }) => ({ ...row, people: 1 + _count.merged })) as PublicSuggestion[]
}

const PAGE = 30
const COUNTED = 1_000
const ALIKE = 5
const SHOWN = 100

export async function listSuggestions(
  actor: StaffActor,
  state: SuggestionState,
  from: { readonly key: SuggestionKey; readonly direction: 'after' | 'before' } | null,
) {
  if (!may(actor.role, 'survey:manage')) return null
  const [found, counts] = await Promise.all([
    suggestionRows(state, from, PAGE + 1),
    countSuggestions(SUGGESTION_STATES, COUNTED),
  ])
  const back = from?.direction === 'before'
  const more = found.length > PAGE
  const rows = back ? found.slice(-PAGE) : found.slice(0, PAGE)
  const alike = await alikeSuggestions(rows, ALIKE)
  const key = (row: Suggestion | undefined) =>
    row === undefined ? null : { month: row.receivedMonth, id: row.id }
  return {
    rows: rows.map((row) => ({ ...row, alike: alike.get(row.id) ?? [] })),
    counts,
    previous: (back ? more : from !== null) ? key(rows[0]) : null,
    next: (back ? true : more) ? key(rows.at(-1)) : null,
  }
}

export type SuggestionRow = NonNullable<Awaited<ReturnType<typeof listSuggestions>>>['rows'][number]

/** Returns a suggestion, those merged with it, and those it could be merged into; null for all but the survey manager. */
export async function readSuggestionPage(actor: StaffActor, id: string) {
  if (!may(actor.role, 'survey:manage')) return null
  const suggestion = await suggestionOf(id)
  if (suggestion === null) return null
  const [into, merged, others, same] = await Promise.all([
    suggestion.mergedIntoId === null ? null : suggestionOf(suggestion.mergedIntoId),
    db.surveySuggestion.findMany({ where: { mergedIntoId: id }, orderBy: { id: 'asc' }, take: SHOWN }),
    suggestion.state === 'new'
      ? db.surveySuggestion.findMany({ ...OPEN, where: { state: { not: 'merged' } } })
      : [],
    suggestion.state === 'merged' ? [] : findSameSuggestions(id, SHOWN),
  ])
  return { suggestion, into, merged, alike: findAlike(others)(suggestion, ALIKE), same: same.length }
}

export async function findCredits(
  versions: readonly number[],
): Promise<ReadonlyMap<number, readonly PublicSuggestion[]>> {
  const found = await publicSuggestions({ outcomeVersions: versions }, SHOWN)
  return Map.groupBy(found, ({ outcomeVersion }) => outcomeVersion ?? 0)
}

export async function listAnsweredSuggestions(before: { readonly at: Instant; readonly id: string } | null) {
  const found = await publicSuggestions({ before }, PAGE + 1)
  const rows = found.slice(0, PAGE)
  const last = rows.at(-1)
  return { rows, next: found.length > PAGE && last ? { at: last.answeredAt, id: last.id } : null }
}

/** Returns accepted or tried suggestions from before a version that name none yet, the first answered first. */
export async function listUncredited(actor: StaffActor, version: number) {
  if (!may(actor.role, 'survey:manage')) return []
  return db.surveySuggestion.findMany({
    where: {
      answeredAt: { not: null },
      state: { in: ['accepted', 'tried'] },
      outcomeVersion: null,
      questionnaireVersion: { lt: version },
    },
    orderBy: [{ answeredAt: 'asc' }, { id: 'asc' }],
    take: PAGE,
    select: { id: true, state: true, summaryVi: true, summaryEn: true },
  })
}

/** Empties the texts of suggestions answered before an instant: summary and answer are public, and enough. */
export async function forgetSuggestionTexts(answeredBefore: Instant): Promise<number> {
  const merged = await db.$executeRaw`
    UPDATE survey_suggestions SET text = '' WHERE id IN (
      SELECT s.id FROM survey_suggestions s JOIN survey_suggestions root ON root.id = s.merged_into_id
      WHERE s.text <> '' AND root.answered_at <= ${answeredBefore} LIMIT 500)`
  const answered = await db.$executeRaw`
    UPDATE survey_suggestions SET text = '' WHERE id IN (
      SELECT id FROM survey_suggestions WHERE text <> '' AND answered_at <= ${answeredBefore} LIMIT 500)`
  return merged + answered
}
