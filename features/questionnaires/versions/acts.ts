import '#server-only'
import { audit } from '#features/audit/entries/acts.ts'
import type { AuditAct } from '#features/audit/entries/names-rules.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { allValues, lastValue, type RawForm } from '#lib/raw-form.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { type Instant, localDate } from '#lib/time.ts'
import { isUuid } from '#lib/uuid.ts'
import type { Tx } from '#platform/db.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { PublicWords, readQuestion } from '../questions/form-rules.ts'
import type { QuestionKind } from '../questions/rules.ts'
import { lockSuggestions, writeCredit } from '../suggestions/data.ts'
import * as repository from './data.ts'
import {
  type DraftProblem,
  draftProblems,
  moveQuestion,
  nextKey,
  oneLanguageEdits,
  putQuestion,
  questionChanges,
  removeQuestion,
} from './draft-rules.ts'
import { readDecision, readPublication } from './publication-rules.ts'
import { mayDecide, mayRetire, wasPublic } from './rules.ts'

/**
 * `stale`: a colleague has changed or published the draft meanwhile. `undecided`: a trial that has begun is decided,
 * not retired. `trial_running`: another trial is not decided yet.
 */
export type DraftRefusal =
  | { readonly kind: 'forbidden' | 'unknown' | 'stale' | 'last' | 'undecided' | 'trial_running' }
  | { readonly kind: 'faults'; readonly faults: Readonly<Record<string, string>> }
  | { readonly kind: 'problems'; readonly problems: readonly DraftProblem[] }

/** The draft and its revision when the form was made. */
interface DraftOn {
  readonly version: number
  readonly revision: number
  readonly submitKey: string
}

/** The draft's version, or why not. */
type Done = Promise<Result<number, DraftRefusal>>

interface Act {
  readonly actor: StaffActor
  readonly submitKey: string
  /** For the audit log: `questionnaire.…`. */
  readonly act: AuditAct
  readonly now: Instant
}

type Facts = Readonly<Record<string, string | number | boolean | null>>

/**
 * Makes one change of the versions: by a person who may do so, once a form, one at a time, and with its line in the
 * audit log.
 */
function change(
  { actor, submitKey, act, now }: Act,
  work: (
    tx: Tx,
    all: readonly repository.Version[],
  ) => Promise<Result<{ readonly version: number; readonly facts?: Facts }, DraftRefusal>>,
): Done {
  return actOnce(submitKey, act, now, async (tx) => {
    if (!may(actor.role, 'survey:manage')) return err({ kind: 'forbidden' })
    await repository.lockVersions(tx)
    const done = await work(tx, await repository.listAllVersions(tx))
    if (!done.ok) return done
    const { version, facts = {} } = done.value
    await audit(tx, { actor, act, subject: { kind: 'questionnaire', id: String(version) }, facts, at: now })
    return ok(version)
  })
}

/** Starts a draft with the questions of a version that is or was asked. */
export const startDraft = (
  actor: StaffActor,
  { base, submitKey }: { readonly base: number; readonly submitKey: string },
  now: Instant,
): Done =>
  change({ actor, submitKey, act: 'questionnaire.draft', now }, async (tx, all) => {
    const from = all.find((one) => one.version === base && wasPublic(one, now))
    if (from === undefined) return err({ kind: 'unknown' })
    const version = Math.max(...all.map((one) => one.version)) + 1
    await repository.insertDraft(tx, version, from)
    return ok({ version, facts: { base } })
  })

type Edited = Result<
  { readonly changes: Parameters<typeof repository.changeDraft>[2]; readonly facts?: Facts },
  DraftRefusal
>

/** Makes one edit of a draft, if it is still as its editor saw it. */
function edit(
  actor: StaffActor,
  { version, revision, submitKey }: DraftOn,
  act: AuditAct,
  now: Instant,
  work: (draft: repository.Version, all: readonly repository.Version[], tx: Tx) => Edited | Promise<Edited>,
): Done {
  return change({ actor, submitKey, act, now }, async (tx, all) => {
    const draft = all.find((one) => one.version === version)
    if (draft === undefined) return err({ kind: 'unknown' })
    if (draft.publishedAt !== null || draft.revision !== revision) return err({ kind: 'stale' })
    const edited = await work(draft, all, tx)
    if (!edited.ok) return edited
    if (!(await repository.changeDraft(tx, draft, edited.value.changes))) return err({ kind: 'stale' })
    return ok({ version, facts: { revision: revision + 1, ...edited.value.facts } })
  })
}

/** Writes a question into a draft: a new one at the end, or one that it has in its place. */
export const saveQuestion = (
  actor: StaffActor,
  draft: DraftOn,
  question: { readonly key: string } | { readonly kind: QuestionKind },
  typed: RawForm,
  now: Instant,
): Done =>
  edit(actor, draft, 'questionnaire.question', now, ({ questions }, all) => {
    const of =
      'kind' in question
        ? { ...question, key: nextKey(all) }
        : questions.find(({ key }) => key === question.key)
    if (of === undefined) return err({ kind: 'unknown' })
    const read = readQuestion(typed, of, questions)
    if (!read.ok) return err({ kind: 'faults', faults: read.error })
    return ok({ changes: { questions: putQuestion(questions, read.value) }, facts: { question: of.key } })
  })

type Arrangement = 'up' | 'down' | 'remove'

/** Moves a question of a draft among its like, or takes it out. */
export const arrangeQuestion = (
  actor: StaffActor,
  draft: DraftOn,
  key: string,
  how: Arrangement,
  now: Instant,
): Done =>
  edit(actor, draft, `questionnaire.${how}`, now, ({ questions }) => {
    const arranged = how === 'remove' ? removeQuestion(questions, key) : moveQuestion(questions, key, how)
    return ok({ changes: { questions: arranged }, facts: { question: key } })
  })

/** Writes on what law or decision the questions rest. */
export const saveBasis = (actor: StaffActor, draft: DraftOn, typed: string, now: Instant): Done =>
  edit(actor, draft, 'questionnaire.basis', now, () => {
    const words = new PublicWords({ legalBasis: typed })
    const read = words.result({ legalBasis: words.text('legalBasis', 'legalBasis', true) ?? '' })
    return read.ok ? ok({ changes: read.value }) : err({ kind: 'faults', faults: read.error })
  })

export const discardDraft = (
  actor: StaffActor,
  { version, revision, submitKey }: DraftOn,
  now: Instant,
): Done =>
  change({ actor, submitKey, act: 'questionnaire.discard', now }, async (tx) =>
    (await repository.deleteDraft(tx, { version, revision })) ? ok({ version }) : err({ kind: 'stale' }),
  )

/**
 * Publishes a draft, now or on a day, for everybody or for a share on trial, and credits it to the chosen suggestions.
 * From then on it never changes.
 */
export const publishDraft = (actor: StaffActor, draft: DraftOn, typed: RawForm, now: Instant): Done =>
  edit(actor, draft, 'questionnaire.publish', now, async (one, all, tx) => {
    const problems = draftProblems(
      one,
      all.filter(({ publishedAt }) => publishedAt !== null),
    )
    if (problems.length > 0) return err({ kind: 'problems', problems })
    const read = readPublication(typed, now)
    const base = all.find((other) => other.version === one.baseVersion)
    const edits = base ? oneLanguageEdits(questionChanges(base.questions, one.questions)) : []
    const faults = {
      ...(read.ok ? {} : read.error),
      ...(edits.length > 0 &&
        lastValue(typed, 'otherLanguage') !== 'on' && { otherLanguage: 'otherLanguage.empty' }),
    }
    if (!read.ok || Object.keys(faults).length > 0) return err({ kind: 'faults', faults })
    const { publishedAt, trialPercent } = read.value
    if (
      trialPercent !== null &&
      all.some((one) => one.trialPercent !== null && one.retiredAt === null && one.adoptedAt === null)
    ) {
      return err({ kind: 'trial_running' })
    }
    const chosen = [...new Set(allValues(typed, 'credit'))]
    const credit = { version: one.version, trial: trialPercent !== null, actor, now }
    if (!(await creditSuggestions(tx, chosen, credit)))
      return err({ kind: 'faults', faults: { credit: 'credit.closed' } })
    return ok({ changes: read.value, facts: { from: localDate(publishedAt), trialPercent } })
  })

/**
 * Notes on each suggestion which version came of it. A tried suggestion becomes accepted when the version is for
 * everybody. False where one of them cannot be credited any more.
 */
async function creditSuggestions(
  tx: Tx,
  ids: readonly string[],
  { version, trial, actor, now }: { version: number; trial: boolean; actor: StaffActor; now: Instant },
): Promise<boolean> {
  if (!ids.every(isUuid)) return false
  const locked = await lockSuggestions(tx, ids)
  for (const id of ids) {
    const one = locked.get(id)
    if (one === undefined || one.outcomeVersion !== null || one.questionnaireVersion >= version) return false
    if (one.state !== 'tried' && one.state !== 'accepted') return false
    const state = trial ? one.state : 'accepted'
    await writeCredit(tx, id, state, version)
    const facts = { from: one.state, to: state, outcomeVersion: version, outcomeOn: null }
    await audit(tx, { actor, act: 'suggestion.answer', subject: { kind: 'suggestion', id }, facts, at: now })
  }
  return true
}

/**
 * Decides a trial that has begun, with a public reason: from now on everybody gets it, or nobody. It may be decided
 * before its last day.
 */
export const decideTrial = (
  actor: StaffActor,
  { version, submitKey }: Pick<DraftOn, 'version' | 'submitKey'>,
  typed: RawForm,
  now: Instant,
): Done =>
  change({ actor, submitKey, act: 'questionnaire.decide', now }, async (tx, all) => {
    const one = all.find((other) => other.version === version)
    if (one === undefined || one.trialPercent === null) return err({ kind: 'unknown' })
    if (!mayDecide(one, now)) return err({ kind: 'stale' })
    const read = readDecision(typed)
    if (!read.ok) return err({ kind: 'faults', faults: read.error })
    await repository.decideTrial(tx, version, { ...read.value, at: now })
    return ok({ version, facts: { decision: read.value.adopt ? 'adopt' : 'drop' } })
  })

/** Ends the use of a version, or cancels it before its day. Its answers stay. */
export const retireVersion = (
  actor: StaffActor,
  { version, submitKey }: Pick<DraftOn, 'version' | 'submitKey'>,
  now: Instant,
): Done =>
  change({ actor, submitKey, act: 'questionnaire.retire', now }, async (tx, all) => {
    const one = all.find((other) => other.version === version)
    if (one === undefined || one.publishedAt === null) return err({ kind: 'unknown' })
    if (one.retiredAt !== null) return err({ kind: 'stale' })
    if (mayDecide(one, now)) return err({ kind: 'undecided' })
    if (!mayRetire(one, all, now)) return err({ kind: 'last' })
    await repository.retireVersion(tx, version, now)
    return ok({ version })
  })
