import '#server-only'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import type { Instant } from '#lib/time.ts'
import * as repository from '../repository/suggestions.ts'
import { SUGGESTION_STATES, type SuggestionState } from '../rules/suggestion.ts'

export type { Suggestion, SuggestionKey, Uncredited } from '../repository/suggestions.ts'

const PAGE = 30
const COUNTED = 1_000
const ALIKE = 5
const SHOWN = 100

/** A row of the list with the unanswered ones like it, which can go into it: five at most. */
export interface SuggestionRow extends repository.SuggestionRow {
  readonly alike: readonly repository.Alike[]
}

export interface SuggestionList {
  readonly rows: readonly SuggestionRow[]
  readonly previous: repository.SuggestionKey | null
  readonly next: repository.SuggestionKey | null
  readonly counts: Readonly<Record<string, number>>
}

/** Returns one page of the suggestions in a state. Only the survey manager reads what citizens wrote. */
export async function suggestionList(
  actor: StaffActor,
  state: SuggestionState,
  from: { readonly key: repository.SuggestionKey; readonly direction: 'after' | 'before' } | null,
): Promise<SuggestionList | null> {
  if (!may(actor.role, 'survey:manage')) return null
  const [found, counts] = await Promise.all([
    repository.suggestionRows(state, from, PAGE + 1),
    repository.suggestionCounts(SUGGESTION_STATES, COUNTED),
  ])
  const back = from?.direction === 'before'
  const more = found.length > PAGE
  const rows = back ? found.slice(-PAGE) : found.slice(0, PAGE)
  const alike = await repository.alikeSuggestions(
    rows.map(({ id }) => id),
    ALIKE,
  )
  const key = (row: repository.SuggestionRow | undefined) =>
    row === undefined ? null : { month: row.receivedMonth, id: row.id }
  return {
    rows: rows.map((row) => ({ ...row, alike: alike.get(row.id) ?? [] })),
    counts,
    previous: (back ? more : from !== null) ? key(rows[0]) : null,
    next: (back ? true : more) ? key(rows.at(-1)) : null,
  }
}

export interface SuggestionPage {
  readonly suggestion: repository.Suggestion
  /** The one that it went into. */
  readonly into: repository.Suggestion | null
  readonly merged: readonly repository.Suggestion[]
  /** The suggestions that perhaps say the same: an unanswered one could go into it, and it into any of them. */
  readonly alike: readonly repository.Suggestion[]
  /** The number of unanswered ones that say the very same, counted no further than a hundred. */
  readonly same: number
}

/** Returns one suggestion with similar ones; null when it is unknown or the person is not the survey manager. */
export async function suggestionPage(actor: StaffActor, id: string): Promise<SuggestionPage | null> {
  if (!may(actor.role, 'survey:manage')) return null
  const suggestion = await repository.suggestionOf(id)
  if (suggestion === null) return null
  const [into, merged, alike, same] = await Promise.all([
    suggestion.mergedIntoId === null ? null : repository.suggestionOf(suggestion.mergedIntoId),
    repository.mergedInto(id, SHOWN),
    suggestion.state === 'new' ? repository.similarSuggestions(suggestion, ALIKE) : [],
    suggestion.state === 'merged' ? [] : repository.sameSuggestions(id, SHOWN),
  ])
  return { suggestion, into, merged, alike, same: same.length }
}

/** Returns the answered suggestions that led to some versions, by version. */
export async function creditsOf(
  versions: readonly number[],
): Promise<ReadonlyMap<number, readonly repository.PublicSuggestion[]>> {
  const found = await repository.publicSuggestions({ outcomeVersions: versions }, SHOWN)
  return Map.groupBy(found, ({ outcomeVersion }) => outcomeVersion ?? 0)
}

/** Returns answered suggestions, the last answered first, and where the next page begins. */
export async function answeredSuggestions(
  before: { readonly at: Instant; readonly id: string } | null,
): Promise<{
  readonly rows: readonly repository.PublicSuggestion[]
  readonly next: { readonly at: Instant; readonly id: string } | null
}> {
  const found = await repository.publicSuggestions({ before }, PAGE + 1)
  const rows = found.slice(0, PAGE)
  const last = rows.at(-1)
  return { rows, next: found.length > PAGE && last ? { at: last.answeredAt, id: last.id } : null }
}

/**
 * Returns the accepted and tried suggestions that could be credited to a version; empty for anybody but the survey
 * manager.
 */
export const uncredited = async (
  actor: StaffActor,
  version: number,
): Promise<readonly repository.Uncredited[]> =>
  may(actor.role, 'survey:manage') ? repository.uncredited(version, PAGE) : []
