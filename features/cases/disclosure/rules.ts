import { z } from 'zod'
import type { StaffActor } from '#lib/access/actor.ts'
import { type Instant, localDate, MINUTE } from '#lib/time.ts'
import { buttonOf, type CaseDecision, decisionsOpenTo, moveOf } from '../decisions/rules.ts'
import { restsOnProof } from '../proof/rules.ts'
import type { CaseSearch } from '../queue/search-rules.ts'
import { type CaseSnapshot, weighsObjections } from '../record/snapshot-rules.ts'

/** The reasons for which police open papers and contact; the citizen reads their words. No reason has the name of a decision. */
export const DISCLOSURE_REASONS = ['ownership', 'contact', 'appeal', 'carrier', 'other'] as const
export type DisclosureReason = (typeof DISCLOSURE_REASONS)[number]

/** The form that opens papers and contact; a fault is a key of messages' `faults`. */
export const disclosureSchema = z
  .object({
    number: z.string().max(40, 'general.invalid'),
    submitKey: z.uuid('general.invalid'),
    disclosureReason: z.enum(DISCLOSURE_REASONS, 'disclosure.reason_missing'),
    disclosureNote: z.string().max(1_000, 'disclosure.note_long').default(''),
  })
  .transform(({ disclosureReason: reason, disclosureNote: note, ...rest }) => ({ ...rest, reason, note }))
export type DisclosureInput = z.output<typeof disclosureSchema>

/** How long papers and contact stay open, in milliseconds, for one person in one session. */
export const DISCLOSURE_LIFE = 30 * MINUTE

/** The number of look-ups by one person in an hour above which the auditor is told. */
export const LOOKUPS_AN_HOUR = 50

/**
 * Returns the reason of a person who has the case, or who may make the next decision that depends on its evidence, so that one
 * press opens it; null for others, who must give a reason.
 */
export function reasonAtHand(c: CaseSnapshot, actor: StaffActor, now: Instant): DisclosureReason | null {
  if (c.assigneeId !== actor.id && !decidesNext(c, actor, now)) return null
  const appeal = c.held === 'conflict' || (c.appealedAt !== null && c.state === 'under_review')
  return appeal || weighsObjections(c) ? 'appeal' : 'ownership'
}

/**
 * Tells whether a person may make the next decision that depends on a case's evidence. A case that a colleague has is not another
 * officer's to decide, although they might ask for a temporary block.
 */
function decidesNext(c: CaseSnapshot, actor: StaffActor, now: Instant): boolean {
  const { main, others } = decisionsOpenTo(c, actor, now)
  return [main, ...others].some(
    (one) =>
      one !== null &&
      restsOnProof(moveOf(one, c.state), c) &&
      (c.assigneeId === null || buttonOf(one, c.state).leavesToAssignee !== true),
  )
}

/** Returns the person with whom a decision agrees; null if it is the first decision on its question. */
export const agreesWith = (c: CaseSnapshot, decision: CaseDecision | null) =>
  (decision && buttonOf(decision, c.state).agreesWith?.(c)) ?? null

/** Returns the kinds of personal data in a search; empty for a case number, which is no personal data. */
export const searchedBy = (search: CaseSearch): string[] => [
  ...(search.imeiKey === null ? [] : ['imei']),
  ...search.values.map(({ kind }) => kind),
  ...(search.words.length === 0 ? [] : ['name']),
]

/** One opening, as the citizen may know of it: with an office, never a person. */
interface Opening {
  readonly at: Instant
  /** null: city police. */
  readonly unitId: string | null
  readonly reason: DisclosureReason
}

export interface OpeningsOfADay extends Opening {
  readonly count: number
}

/** Groups openings, newest first: those of one office for one reason on one day become one, with the latest time. */
export function groupByDay(openings: readonly Opening[]): OpeningsOfADay[] {
  const days = Map.groupBy(openings, (one) => `${localDate(one.at)} ${one.unitId} ${one.reason}`)
  return [...days.values()].flatMap((same) => {
    const [latest] = same.toSorted((a, b) => b.at.getTime() - a.at.getTime())
    return latest ? [{ ...latest, count: same.length }] : []
  })
}

/**
 * Returns the colleagues who have a case's papers open now: the time is not over, and the reader has done nothing with the case
 * since.
 */
export const openWith = <O extends { readonly accountId: string; readonly at: Instant }>(
  {
    openers,
    events,
  }: {
    readonly openers: readonly O[]
    readonly events: readonly { readonly actorId: string | null; readonly at: Instant }[]
  },
  readerId: string,
  now: Instant,
): readonly O[] =>
  openers.filter(
    ({ accountId, at }) =>
      accountId !== readerId &&
      now.getTime() - at.getTime() < DISCLOSURE_LIFE &&
      !events.some((event) => event.actorId === accountId && event.at > at),
  )
