import '#server-only'
import { assignable } from '#features/accounts/police-data.ts'
import { tellWaiting } from '#features/accounts/preferences/acts.ts'
import { hasSealingFailed } from '#features/audit/sealing/data.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { type CaseScope, staffScope } from '#lib/access/scope.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { isReadyText, languageOf, readyText } from '#messages/ready-text.ts'
import { defaultLocale, type Locale } from '#messages/routing.ts'
import type { Tx } from '#platform/db.ts'
import { actOnce, keyFor, onceWithin } from '#platform/idempotency/commands.ts'
import { inScope } from '#platform/scope.ts'
import { beginConflict, resolveConflict } from '../conflict/acts.ts'
import { readGivenImeis } from '../imeis/acts.ts'
import type { GivenImei } from '../imeis/rules.ts'
import { moveCase } from '../moves/acts.ts'
import { needs, ruleOf } from '../moves/rules.ts'
import type { DecisionForm } from '../moves/spec-rules.ts'
import type { CaseRefusal } from '../moves/transition-rules.ts'
import type { GivenCheck } from '../proof/rules.ts'
import { findCase, findLocale } from '../record/data.ts'
import type { CaseSnapshot } from '../record/snapshot-rules.ts'
import { isClaimConflict } from '../submission/acts.ts'
import { buttonOf, type CaseDecision, moveOf, moveReasons } from './rules.ts'

export interface DecisionInput {
  readonly number: string
  readonly version: number
  readonly submitKey: string
  readonly decision: CaseDecision
  readonly reasonCode?: string | undefined
  readonly reason?: string | undefined
  readonly note?: string | undefined
  /** For `uphold`: the number of the case that is upheld. */
  readonly upheld?: string | undefined
  /** For `uphold`: the numbers of the other sides whose further IMEIs are of another phone. These sides go on with them. */
  readonly otherPhone?: readonly string[] | undefined
  readonly check?: GivenCheck
  readonly imei?: GivenImei | null
  /** For `drop_imei`: the removed number, 15 digits. */
  readonly dropped?: string | undefined
  /** For `reassign`: the colleague's account. */
  readonly assigneeId?: string | undefined
  /** For `reassign`: the form that gives several cases. The colleague gets one mail for all of them. */
  readonly givenBy?: string | undefined
  /** The language that the person works in. A ready text for colleagues is stored in it. */
  readonly language?: Locale
}

export type DecisionRefusal = CaseRefusal | 'not_found' | 'note_missing' | 'unsealed'

/**
 * Carries out a decision of the police on a case, at most once per `submitKey`. This is the only check of whether the person may
 * decide: by the scope of their account and the rules of the lifecycle.
 */
export async function decideCase(
  actor: StaffActor,
  input: DecisionInput,
  now: Instant,
): Promise<Result<true, DecisionRefusal>> {
  const scope = staffScope(actor)
  if (!scope) return err('forbidden')
  const attempt = () =>
    inScope(scope, () =>
      actOnce<true, DecisionRefusal>(input.submitKey, `case.decide:${actor.id}`, now, async (tx) => {
        const c = await findCase(scope, { number: input.number }, tx)
        if (!c) return err('not_found')
        if (buttonOf(input.decision, c.state).needsSeal && (await hasSealingFailed(tx)))
          return err('unsealed')
        const { on } = buttonOf(input.decision, c.state)
        const decided = await CARRIED_OUT[on]({ tx, scope, actor, c, input, now })
        return decided.ok ? ok(true) : decided
      }),
    )
  return attempt().catch((error: unknown) => {
    // A report took the phone's one claim between this read and this write: the second try takes it from there.
    if (isClaimConflict(error)) return attempt()
    throw error
  })
}

type Carried = Promise<Result<unknown, DecisionRefusal>>
interface Carrying {
  readonly tx: Tx
  readonly scope: CaseScope
  readonly actor: StaffActor
  readonly c: CaseSnapshot
  readonly input: DecisionInput
  readonly now: Instant
}

/** Returns the written words. If nothing was written, the ready text of the reason is used. */
async function wordsOf({ tx, c, input }: Carrying) {
  const { reasonCode: code, reason = '', language = defaultLocale } = input
  const move = moveOf(input.decision, c.state)
  // A code that the move does not offer is left out of its history. A code that it requires is checked by its rule.
  const known = ruleOf(move).codes !== undefined || moveReasons(move).includes(code ?? '')
  const reader = async () => (ruleOf(move).textIsPublic ? languageOf(await findLocale(c.id, tx)) : language)
  return {
    caseId: c.id,
    version: input.version,
    text: isReadyText(move, code, reason) ? readyText(move, code, await reader()) : reason.trim(),
    note: input.note?.trim(),
    check: input.check ?? {},
    ...(known && { reasonCode: code }),
  }
}

const CARRIED_OUT: Readonly<Record<DecisionForm['on'], (of: Carrying) => Carried>> = {
  case: onCase,
  opponents: async (of) => beginConflict(of.tx, of.scope, of.actor, await wordsOf(of), of.now),
  conflict: async (of) => {
    const { reasonCode: code, reason = '', upheld = '', otherPhone = [] } = of.input
    const ready = isReadyText('upheld', code, reason)
    const textIn = (locale: string) => (ready ? readyText('upheld', code, languageOf(locale)) : undefined)
    const sides = { ...(await wordsOf(of)), upheld, otherPhone, textIn }
    return resolveConflict(of.tx, of.scope, of.actor, sides, of.now)
  },
}

async function onCase(of: Carrying): Carried {
  const { tx, scope, actor, c, input, now } = of
  const words = await wordsOf(of)
  const move = moveOf(input.decision, c.state)
  if (buttonOf(input.decision, c.state).noteRequired && !words.note) return err('note_missing')
  const imeis = ruleOf(move).setsImei ? await readGivenImeis(tx, c.id, input.imei, 'police') : null
  if (imeis && !imeis.ok) return imeis
  const assignee = needs(move, 'assignee') ? await colleague(tx, c, input.assigneeId, now) : undefined
  const moved = await moveCase(
    tx,
    scope,
    actor,
    { ...words, move, assignee, dropped: input.dropped, ...(imeis && { imeis: imeis.value }) },
    now,
  )
  // No mail to a person who gives a case to themselves.
  if (moved.ok && assignee && assignee.id !== actor.id)
    await onceWithin(tx, keyFor(input.givenBy ?? input.submitKey, 'told', assignee.id), TOLD_ACT, now, () =>
      tellWaiting(tx, [assignee.id], 'given', now),
    )
  return moved
}

const TOLD_ACT = 'case.given_told'

async function colleague(tx: Tx, c: CaseSnapshot, id: string | undefined, now: Instant) {
  const people = await assignable([c.unitId], now, tx)
  return people.find((person) => person.id === id)
}

/** The decisions that many cases can get at once: none that needs a look at each case. */
export const BULK_DECISIONS = ['take', 'reassign'] as const
export type BulkDecision = (typeof BULK_DECISIONS)[number]

/** The most cases of one act: one page, or one search. */
export const MOST_CASES_AT_ONCE = 50

export interface BulkResult {
  readonly number: string
  readonly outcome: 'done' | DecisionRefusal
}

/**
 * Makes one decision on several cases, each in a transaction of its own and at most once per `submitKey`. A later refusal does
 * not undo the earlier ones, and the same form sent again returns the same result.
 */
export async function decideMany(
  actor: StaffActor,
  {
    decision,
    chosen,
    submitKey,
    assigneeId,
    note,
  }: {
    readonly decision: BulkDecision
    /** The ticked rows: each case, with the version that the reader saw. */
    readonly chosen: readonly { readonly number: string; readonly version: number }[]
    readonly submitKey: string
    readonly assigneeId?: string | undefined
    /** For `reassign`: the note to that colleague on each case. */
    readonly note?: string | undefined
  },
  now: Instant,
): Promise<readonly BulkResult[]> {
  const results: BulkResult[] = []
  for (const { number, version } of chosen.slice(0, MOST_CASES_AT_ONCE)) {
    const key = keyFor(submitKey, decision, number, String(version), assigneeId ?? '')
    const done = await decideCase(
      actor,
      {
        number,
        version,
        submitKey: key,
        decision,
        ...(assigneeId && { assigneeId, note, givenBy: submitKey }),
      },
      now,
    )
    results.push({ number, outcome: done.ok ? 'done' : done.error })
  }
  return results
}
