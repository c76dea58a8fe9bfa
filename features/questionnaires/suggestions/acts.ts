import '#server-only'
import { audit } from '#features/audit/entries/acts.ts'
import type { AuditAct } from '#features/audit/entries/names-rules.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import type { RawForm } from '#lib/raw-form.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { type Instant, localDate } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { listVersionDates } from '../versions/data.ts'
import {
  findSameSuggestions,
  lockSuggestions,
  putInto,
  type Suggestion,
  takeOut,
  writeAnswer,
} from './data.ts'
import {
  type AnsweredState,
  mayBecome,
  mergeFault,
  type Outcome,
  outcomeFaults,
  readPublicAnswer,
} from './rules.ts'

export { forgetSuggestionTexts } from './data.ts'

/** `stale`: a colleague has merged or answered it meanwhile. */
export type SuggestionRefusal =
  | { readonly kind: 'forbidden' | 'unknown' | 'stale' | 'same' | 'closed' | 'into_merged' }
  | { readonly kind: 'faults'; readonly faults: Readonly<Record<string, string>> }

/** The suggestion and its revision when the form was made. */
interface SuggestionOn {
  readonly id: string
  readonly revision: number
  readonly submitKey: string
}

type Facts = Readonly<Record<string, string | number | null>>

/**
 * Does one act on a suggestion, once a form, with an audit entry. The person must have the right, and the suggestion
 * must be unchanged since it was shown.
 */
function act(
  actor: StaffActor,
  { id, revision, submitKey }: SuggestionOn,
  name: AuditAct,
  others: readonly string[],
  now: Instant,
  work: (
    tx: Tx,
    one: Suggestion,
    locked: ReadonlyMap<string, Suggestion>,
  ) => Promise<Result<Facts, SuggestionRefusal>>,
): Promise<Result<string, SuggestionRefusal>> {
  return actOnce(submitKey, name, now, async (tx) => {
    if (!may(actor.role, 'survey:manage')) return err({ kind: 'forbidden' })
    const locked = await lockSuggestions(tx, [id, ...others])
    const one = locked.get(id)
    if (one === undefined) return err({ kind: 'unknown' })
    if (one.revision !== revision) return err({ kind: 'stale' })
    const done = await work(tx, one, locked)
    if (!done.ok) return done
    await audit(tx, { actor, act: name, subject: { kind: 'suggestion', id }, facts: done.value, at: now })
    return ok(id)
  })
}

/** Puts a suggestion into another that says the same. */
export const mergeSuggestion = (actor: StaffActor, one: SuggestionOn, into: string, now: Instant) =>
  act(actor, one, 'suggestion.merge', [into], now, async (tx, from, locked) => {
    const target = locked.get(into)
    if (target === undefined) return err({ kind: 'unknown' })
    const fault = mergeFault(from, target)
    if (fault !== null) return err({ kind: fault })
    await putInto(tx, from.id, target.id)
    return ok({ into: target.id })
  })

/** The most suggestions that one press merges. */
const MERGED_MOST = 200

/**
 * Merges several unanswered suggestions into one: `others`, or every suggestion with the same text. Those that a
 * colleague has answered or merged meanwhile are left out.
 */
export const mergeSeveral = (
  actor: StaffActor,
  one: SuggestionOn,
  others: readonly string[] | 'same',
  now: Instant,
) =>
  act(actor, one, 'suggestion.merge', others === 'same' ? [] : others, now, async (tx, target) => {
    if (mergeFault({ id: '', state: 'new' }, target) !== null) return err({ kind: 'into_merged' })
    const ids = others === 'same' ? await findSameSuggestions(target.id, MERGED_MOST, tx) : others
    const from = [...(await lockSuggestions(tx, ids)).values()].filter(
      (other) => mergeFault(other, target) === null,
    )
    for (const { id } of from) await putInto(tx, id, target.id)
    return ok({ into: target.id, same: from.length })
  })

/** Separates a suggestion from the one that it was merged into. */
export const separateSuggestion = (actor: StaffActor, one: SuggestionOn, now: Instant) =>
  act(actor, one, 'suggestion.separate', [], now, async (tx, from) => {
    if (!mayBecome(from.state, 'new')) return err({ kind: 'closed' })
    await takeOut(tx, from.id)
    return ok({ from: from.mergedIntoId })
  })

interface SuggestionAnswer {
  readonly state: AnsweredState
  readonly outcome: Outcome
  readonly typed: RawForm
}

/** Answers a suggestion for everybody to read, or puts its answer better. */
export const answerSuggestion = (
  actor: StaffActor,
  one: SuggestionOn,
  { state, outcome, typed }: SuggestionAnswer,
  now: Instant,
) =>
  act(actor, one, 'suggestion.answer', [], now, async (tx, from) => {
    if (!mayBecome(from.state, state)) return err({ kind: 'closed' })
    const read = readPublicAnswer(typed)
    const wrong = outcomeFaults(state, outcome, from, await listVersionDates(tx), localDate(now))
    const faults = { ...(read.ok ? {} : read.error), ...wrong }
    if (!read.ok || Object.keys(wrong).length > 0) return err({ kind: 'faults', faults })
    await writeAnswer(tx, from.id, state, read.value, outcome, now)
    const facts = { outcomeVersion: outcome.version, outcomeOn: outcome.on || null }
    return ok({ from: from.state, to: state, ...facts })
  })
