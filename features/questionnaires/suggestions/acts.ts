import '#server-only'
import { z } from 'zod'
import { act, answer, refuse, refuseFields } from '#features/audit/act.ts'
import { auditAll } from '#features/audit/entries/acts.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { shownNumber } from '#lib/shown-version.ts'
import { type Instant, localDate } from '#lib/time.ts'
import { dayOf } from '#lib/written-day.ts'
import type { Tx } from '#platform/db.ts'
import type { WordFaults } from '../questions/form-rules.ts'
import { listVersionDates } from '../versions/data.ts'
import {
  changeSuggestion,
  findSameSuggestions,
  lockSuggestions,
  putInto,
  type Suggestion,
  takeOut,
} from './data.ts'
import {
  ANSWERED_STATES,
  type AnsweredState,
  mayBecome,
  mergeFault,
  readPublicAnswer,
  SUGGESTION_STATES,
} from './rules.ts'

const onSuggestion = z.object({ id: z.uuid('general.invalid'), revision: shownNumber })

const shown = (suggestion: string, done: string) =>
  ({ pathname: '/admin/survey/suggestions/[suggestion]', params: { suggestion }, query: { done } }) as const

/** Locks a suggestion with others. `changed`: a colleague has merged or answered it since its reader saw it. */
async function lockOne(
  tx: Tx,
  { id, revision }: z.output<typeof onSuggestion>,
  others: readonly string[] = [],
) {
  const locked = await lockSuggestions(tx, [id, ...others])
  const one = locked.get(id)
  if (one === undefined) return refuse('not_found')
  return one.revision === revision ? { one, locked } : refuse('changed')
}

const ofSurvey = { permission: 'survey:manage', faults: 'suggestion' } as const
const entry = ({ one }: { readonly one: Suggestion }) => ({
  subject: { kind: 'suggestion', id: one.id } as const,
})

const tellMoved = (tx: Tx, actor: StaffActor, ids: readonly string[], into: string, at: Instant) =>
  auditAll(
    tx,
    ids.map((id) => ({
      ...{ actor, act: 'suggestion.merge' as const, subject: { kind: 'suggestion' as const, id } },
      ...{ facts: { into }, at },
    })),
  )

export const mergeSuggestion = act({
  ...ofSurvey,
  name: 'suggestion.merge',
  once: () => 'suggestion.merge',
  page: ({ into }) => shown(into, 'merged'),
  input: onSuggestion.extend({ into: z.uuid('general.invalid') }),
  subject: {
    lock: (tx: Tx, input: z.output<typeof onSuggestion> & { readonly into: string }) =>
      lockOne(tx, input, [input.into]),
    entry,
  },
  async run({ tx, actor, now, subject: { one, locked }, input: { into } }) {
    const target = locked.get(into)
    if (target === undefined) return refuse('not_found')
    const fault = mergeFault(one, target)
    if (fault !== null) return refuse(fault)
    await tellMoved(tx, actor, await putInto(tx, one.id, target.id), target.id, now)
    return answer(one.id, { into: target.id })
  },
})

const MERGED_MOST = 200

/** Merges the chosen unanswered suggestions, or all with the same text, into one. Skips those answered or merged since. */
export const mergeSeveral = act({
  ...ofSurvey,
  name: 'suggestion.merge',
  once: () => 'suggestion.merge',
  page: ({ list }, id) =>
    list === undefined
      ? shown(id, 'merged')
      : ({
          pathname: '/admin/survey/suggestions',
          query: { ...(list !== 'new' && { state: list }), done: id },
        } as const),
  input: onSuggestion
    .extend({
      which: z.enum(['same', 'chosen']).catch('same'),
      other: z
        .union([z.string(), z.array(z.string()).readonly()])
        .default([])
        .transform((sent) => [sent].flat())
        .pipe(z.array(z.uuid('general.invalid')).max(20, 'general.invalid')),
      /** Set when sent from the list in this state; the reader then returns there. */
      list: z.enum(SUGGESTION_STATES).optional().catch(undefined),
    })
    .refine(({ which, other }) => which === 'same' || other.length > 0, 'suggestion.none_chosen'),
  subject: {
    lock: (
      tx: Tx,
      input: z.output<typeof onSuggestion> & { readonly which: string; readonly other: readonly string[] },
    ) => lockOne(tx, input, input.which === 'same' ? [] : input.other),
    entry,
  },
  async run({ tx, actor, now, subject: { one: target }, input: { which, other } }) {
    if (mergeFault({ id: '', state: 'new' }, target) !== null) return refuse('into_merged')
    const ids = which === 'same' ? await findSameSuggestions(target.id, MERGED_MOST, tx) : other
    const from = [...(await lockSuggestions(tx, ids)).values()].filter(
      (one) => mergeFault(one, target) === null,
    )
    for (const { id } of from)
      await tellMoved(tx, actor, [id, ...(await putInto(tx, id, target.id))], target.id, now)
    return answer(target.id, { into: target.id, same: from.length })
  },
})

/** Separates a suggestion from the one it was merged into; suggestions merged into it earlier return to it. */
export const separateSuggestion = act({
  ...ofSurvey,
  name: 'suggestion.separate',
  once: () => 'suggestion.separate',
  page: ({ id }) => shown(id, 'separated'),
  input: onSuggestion,
  subject: { lock: (tx: Tx, input: z.output<typeof onSuggestion>) => lockOne(tx, input), entry },
  async run({ tx, actor, now, subject: { one } }) {
    if (!mayBecome(one.state, 'new')) return refuse('closed')
    await tellMoved(tx, actor, await takeOut(tx, one), one.id, now)
    return answer(one.id, { from: one.mergedIntoId })
  },
})

const text = z.string('general.invalid').catch('')

export const answerSuggestion = act({
  ...ofSurvey,
  name: 'suggestion.answer',
  once: () => 'suggestion.answer',
  page: ({ id }) => shown(id, 'answered'),
  input: onSuggestion.extend({
    state: z.enum(ANSWERED_STATES, 'suggestion.state'),
    outcomeOn: z.string().max(20).catch(''),
    outcomeVersion: z.union([
      z.literal('').transform(() => null),
      z.coerce.number('suggestion.outcome.unknown').int('suggestion.outcome.unknown'),
    ]),
    ...{ summaryVi: text, summaryEn: text, answerVi: text, answerEn: text },
  }),
  subject: { lock: (tx: Tx, input: z.output<typeof onSuggestion>) => lockOne(tx, input), entry },
  async run({ tx, subject: { one }, input: { state, outcomeVersion: version, outcomeOn, ...typed }, now }) {
    if (!mayBecome(one.state, state)) return refuse('closed')
    const outcome = { version, on: dayOf(outcomeOn) ?? outcomeOn.trim() }
    const { summaryVi, summaryEn, answerVi, answerEn } = typed
    const read = readPublicAnswer({ summaryVi, summaryEn, answerVi, answerEn })
    const wrong = outcomeFaults(state, outcome, one, await listVersionDates(tx), localDate(now))
    const faults = { ...(read.ok ? {} : read.error), ...wrong }
    if (!read.ok || Object.keys(wrong).length > 0) return refuseFields(faults)
    await changeSuggestion(tx, one.id, {
      ...{ state, ...read.value, answeredAt: now },
      ...{ outcomeVersion: version, outcomeOn: outcome.on === '' ? null : new Date(outcome.on) },
    })
    const facts = { outcomeVersion: outcome.version, outcomeOn: outcome.on || null }
    return answer(one.id, { from: one.state, to: state, ...facts })
  },
})

/** Returns the faults of an outcome: an accepted or tried suggestion names a newer version, or a day that is not past. */
function outcomeFaults(
  state: AnsweredState,
  { version, on }: { readonly version: number | null; readonly on: string },
  suggested: { readonly questionnaireVersion: number; readonly receivedMonth: Date },
  versions: readonly { readonly version: number; readonly publishedAt: Instant | null }[],
  today: string,
): WordFaults {
  const faults: Record<string, string> = {}
  const found = versions.find((one) => one.version === version)
  if (version !== null && found === undefined) faults.outcomeVersion = 'outcome.unknown'
  else if (
    found !== undefined &&
    (found.version <= suggested.questionnaireVersion ||
      (found.publishedAt !== null && found.publishedAt < suggested.receivedMonth))
  )
    faults.outcomeVersion = 'outcome.older'
  if (on !== '' && !isDay(on)) faults.outcomeOn = 'due.format'
  else if (on !== '' && on < today) faults.outcomeOn = 'due.past'
  if (state !== 'declined' && version === null && on === '') faults.outcomeVersion = 'outcome.missing'
  return faults
}

const isDay = (typed: string): boolean => {
  const day = new Date(`${typed}T00:00:00Z`)
  return (
    /^\d{4}-\d\d-\d\d$/.test(typed) && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(typed)
  )
}
