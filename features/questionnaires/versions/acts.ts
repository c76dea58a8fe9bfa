import '#server-only'
import { z } from 'zod'
import { readFile } from '#cities/city.ts'
import { type Approvable, askApproval } from '#features/approvals/acts.ts'
import type { ContentOf } from '#features/approvals/rules.ts'
import { act, answer, logged, refuse, refuseFields } from '#features/audit/act.ts'
import { audit } from '#features/audit/entries/acts.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { allValues, lastValue, type RawForm } from '#lib/raw-form.ts'
import { err, ok } from '#lib/result.ts'
import { shownNumber } from '#lib/shown-version.ts'
import { type Instant, localDate } from '#lib/time.ts'
import { isUuid } from '#lib/uuid.ts'
import type { Tx } from '#platform/db.ts'
import { PublicWords, readQuestion } from '../questions/form-rules.ts'
import { firstQuestionnaireSchema, QUESTION_KINDS } from '../questions/rules.ts'
import { changeSuggestion, lockSuggestions } from '../suggestions/data.ts'
import { changeVersionDraft, listAllVersions, lockVersions, type Version } from './data.ts'
import {
  draftProblems,
  moveQuestion,
  nextKey,
  oneLanguageEdits,
  putQuestion,
  questionChanges,
  removeQuestion,
} from './draft-rules.ts'
import { plannedSize, readDecision, readPublication, trialSubject } from './publication-rules.ts'
import { mayDecide, mayRetire, wasPublic } from './rules.ts'

const key = z.string('general.invalid').regex(/^[a-z][a-z0-9_]{0,15}$/, 'general.invalid')
/** The draft and its revision when the form was rendered. */
const ofDraft = z.object({ version: shownNumber, revision: shownNumber })
const ofVersion = z.object({ version: shownNumber })

const shown = (done: string | ((input: object) => string)) => (input: object, version: string) =>
  ({
    pathname: '/admin/survey/questionnaires/[version]',
    params: { version },
    query: { done: typeof done === 'string' ? done : done(input) },
  }) as const

/** Locks the versions, so that they change one at a time. */
async function lockAll(tx: Tx): Promise<readonly Version[]> {
  await lockVersions(tx)
  return listAllVersions(tx)
}

const entryOf = (version: number) => ({ subject: { kind: 'questionnaire', id: String(version) } as const })

const ofSurvey = { permission: 'survey:manage', faults: 'questionnaire' } as const

const decreeSchema = firstQuestionnaireSchema.omit({ version: true })

function readDecree118() {
  const { legal_basis, questions } = decreeSchema.parse(readFile('questions-118.json'))
  return { legalBasis: legal_basis, questions }
}

/** Starts a draft with the questions of a version that is or was in use, or with those mapped to Decree 118/2025. */
export const startVersionDraft = act({
  ...ofSurvey,
  name: 'questionnaire.draft',
  once: () => 'questionnaire.draft',
  page: shown('started'),
  input: z.object({ base: shownNumber, set: z.enum(['', 'decree118']).default('') }),
  async run({ tx, actor, input: { base: baseVersion, set }, now }) {
    const all = await lockAll(tx)
    const base = all.find((one) => one.version === baseVersion && wasPublic(one, now))
    if (base === undefined) return refuse('not_found')
    const version = Math.max(...all.map((one) => one.version)) + 1
    const asked = set === '' ? base : readDecree118()
    const { legalBasis, questions } = asked
    const data = { version, baseVersion, legalBasis, questions: [...questions] }
    await tx.questionnaire.create({ data, select: { version: true } })
    const entry = {
      actor,
      act: 'questionnaire.draft',
      ...entryOf(version),
      facts: { base: baseVersion },
    } as const
    await audit(tx, { ...entry, at: now })
    return logged(version)
  },
})

/** The settings of acts on a draft that is still as its editor saw it. `stale`: a colleague has changed or published it. */
const onDraft = {
  permission: 'survey:manage',
  faults: 'questionnaire',
  subject: {
    async lock(tx: Tx, { version, revision }: z.output<typeof ofDraft>) {
      const all = await lockAll(tx)
      const draft = all.find((one) => one.version === version)
      if (draft === undefined) return refuse('not_found')
      return draft.publishedAt !== null || draft.revision !== revision ? refuse('stale') : { draft, all }
    },
    entry: ({ draft }: { readonly draft: Version }) => entryOf(draft.version),
  },
} as const

async function write(
  tx: Tx,
  draft: Version,
  changes: Parameters<typeof changeVersionDraft>[2],
  facts: Readonly<Record<string, string | number | null>> = {},
) {
  if (!(await changeVersionDraft(tx, draft, changes))) return refuse('stale')
  return answer(draft.version, { revision: draft.revision + 1, ...facts })
}

export const saveQuestion = act({
  ...onDraft,
  name: 'questionnaire.question',
  once: () => 'questionnaire.question',
  page: shown('question'),
  input: ofDraft
    .extend({ key: key.optional(), kind: z.enum(QUESTION_KINDS, 'general.invalid').optional() })
    .loose()
    .refine((form) => form.key !== undefined || form.kind !== undefined, 'general.invalid'),
  async run({ tx, subject: { draft, all }, input: { key, kind, ...typed } }) {
    const { questions } = draft
    const known = key === undefined ? undefined : questions.find((one) => one.key === key)
    const of = key === undefined && kind ? { kind, key: nextKey(all) } : known
    if (of === undefined) return refuse('not_found')
    // The question's parser knows its fields; a form has only texts and lists of texts.
    const read = readQuestion(typed as RawForm, of, questions)
    if (!read.ok) return refuseFields(read.error)
    return write(tx, draft, { questions: putQuestion(questions, read.value) }, { question: of.key })
  },
})

export const arrangeQuestion = act({
  ...onDraft,
  name: 'questionnaire.up',
  once: (_actorId, { act: how }) => `questionnaire.${how}`,
  page: shown('arranged'),
  input: ofDraft.extend({ key, act: z.enum(['up', 'down', 'remove'], 'general.invalid') }),
  async run({ tx, actor, subject: { draft }, input: { key, act: how }, now }) {
    const { questions } = draft
    const arranged = how === 'remove' ? removeQuestion(questions, key) : moveQuestion(questions, key, how)
    if (!(await changeVersionDraft(tx, draft, { questions: arranged }))) return refuse('stale')
    const facts = { revision: draft.revision + 1, question: key }
    await audit(tx, { actor, act: `questionnaire.${how}`, ...entryOf(draft.version), facts, at: now })
    return logged(draft.version)
  },
})

export const saveBasis = act({
  ...onDraft,
  name: 'questionnaire.basis',
  once: () => 'questionnaire.basis',
  page: shown('basis'),
  input: ofDraft.extend({ legalBasis: z.string('general.invalid') }),
  async run({ tx, subject: { draft }, input }) {
    const words = new PublicWords({ legalBasis: input.legalBasis })
    const read = words.result({ legalBasis: words.text('legalBasis', 'legalBasis', true) ?? '' })
    return read.ok ? write(tx, draft, read.value) : refuseFields(read.error)
  },
})

export const discardDraft = act({
  ...ofSurvey,
  name: 'questionnaire.discard',
  once: () => 'questionnaire.discard',
  page: () => ({ pathname: '/admin/survey/questionnaires', query: { done: 'discarded' } }) as const,
  input: ofDraft,
  async run({ tx, actor, input: { version, revision }, now }) {
    await lockVersions(tx)
    const { count } = await tx.questionnaire.deleteMany({ where: { version, revision, publishedAt: null } })
    if (count === 0) return refuse('stale')
    await audit(tx, { actor, act: 'questionnaire.discard', ...entryOf(version), facts: {}, at: now })
    return logged(version)
  },
})

/** Publishes a draft for good, and credits suggestions; a trial once a second person confirms. `trial_running`: one is open. */
export const publishDraft = act({
  ...onDraft,
  name: 'questionnaire.publish',
  once: () => 'questionnaire.publish',
  page: shown((input) => ((input as RawForm).trial ? 'trial_asked' : 'published')),
  input: ofDraft.loose(),
  async run({ tx, actor, subject: { draft: one, all }, input, now }) {
    const typed = input as object as RawForm
    const published = all.filter(({ publishedAt }) => publishedAt !== null)
    if (draftProblems(one, published).length > 0) return refuse('problems')
    const read = readPublication(typed, now)
    const base = all.find((other) => other.version === one.baseVersion)
    const edits = base ? oneLanguageEdits(questionChanges(base.questions, one.questions)) : []
    const unsaid = edits.length > 0 && lastValue(typed, 'otherLanguage') !== 'on'
    const faults = { ...(read.ok ? {} : read.error), ...(unsaid && { otherLanguage: 'otherLanguage.empty' }) }
    if (!read.ok || unsaid) return refuseFields(faults)
    const { publishedAt, trialPercent, trialPoints } = read.value
    const chosen = [...new Set(allValues(typed, 'credit'))]
    if (trialPercent !== null && trialPoints !== null && read.value.trialEndsAt !== null) {
      if (all.some(isOpenTrial)) return refuse('trial_running')
      const content = {
        ...{ version: one.version, revision: one.revision, percent: trialPercent, points: trialPoints },
        ...{ size: plannedSize(trialPoints, trialPercent), credit: chosen },
        ...{ from: publishedAt.toISOString(), until: read.value.trialEndsAt.toISOString() },
        reason: { vi: read.value.reasonVi, en: read.value.reasonEn },
      }
      const asked = await askApproval(tx, actor, trying, { subject: trialSubject(one.version), content }, now)
      return asked.ok ? logged(one.version) : refuse('request_open')
    }
    const credit = { version: one.version, trial: false, actor, now }
    if (!(await creditSuggestions(tx, chosen, credit))) return refuseFields({ credit: 'credit.closed' })
    return write(tx, one, read.value, { from: localDate(publishedAt), trialPercent })
  },
})

const isOpenTrial = (other: Version): boolean =>
  other.trialPercent !== null && other.retiredAt === null && other.adoptedAt === null

const trialLogs = (
  { content }: { readonly content: { readonly version: number } },
  ask: 'questionnaire.trial_asked' | 'questionnaire.decision_asked',
  confirm: 'questionnaire.publish' | 'questionnaire.decide',
) => ({
  acts: {
    ask,
    confirm,
    refuse: 'questionnaire.trial_refused',
    withdraw: 'questionnaire.trial_refused',
  } as const,
  ...entryOf(content.version),
})

/** Begins a trial as two people planned it, if the draft is still what both saw and no other trial is open. */
export const trying: Approvable<'survey.trial', 'stale' | 'trial_running'> = {
  kind: 'survey.trial',
  async carryOut({ tx, request, actor, now }) {
    const { version, revision, percent, size, points, from, until, reason, credit } = request.content
    const all = await lockAll(tx)
    const draft = all.find((one) => one.version === version && one.publishedAt === null)
    if (draft === undefined || draft.revision !== revision) return err('stale')
    const [planned, end] = [new Date(from), new Date(until)]
    const publishedAt = new Date(Math.max(planned.getTime(), now.getTime()))
    const published = all.filter((other) => other.publishedAt !== null)
    if (end <= publishedAt || draftProblems(draft, published).length > 0) return err('stale')
    if (all.some(isOpenTrial)) return err('trial_running')
    if (!(await creditSuggestions(tx, credit, { version, trial: true, actor, now }))) return err('stale')
    const changes = {
      ...{ publishedAt, trialPercent: percent, trialEndsAt: end, trialSize: size, trialPoints: points },
      ...{ reasonVi: reason.vi, reasonEn: reason.en },
    }
    if (!(await changeVersionDraft(tx, draft, changes))) return err('stale')
    return ok({
      facts: { revision: revision + 1, from: localDate(publishedAt), trialPercent: percent, size, points },
    })
  },
  logs: (request) => trialLogs(request, 'questionnaire.trial_asked', 'questionnaire.publish'),
}

export const endingTrial: Approvable<'survey.trial_decision', 'stale'> = {
  kind: 'survey.trial_decision',
  async carryOut({ tx, request: { content }, now }) {
    const one = (await lockAll(tx)).find(({ version }) => version === content.version)
    if (one === undefined || !mayDecide(one, now) || one.reachedAt == null) return err('stale')
    await writeDecision(tx, content, now)
    return ok({ facts: { decision: content.adopt ? 'adopt' : 'drop' } })
  },
  logs: (request) => trialLogs(request, 'questionnaire.decision_asked', 'questionnaire.decide'),
}

const writeDecision = (
  tx: Tx,
  { version, adopt, reason }: ContentOf<'survey.trial_decision'>,
  now: Instant,
) =>
  tx.questionnaire.update({
    where: { version },
    data: {
      ...{ decisionVi: reason.vi, decisionEn: reason.en },
      ...(adopt ? { adoptedAt: now } : { retiredAt: now }),
    },
    select: { version: true },
  })

/** Records on each suggestion the version that it led to; false where one of them can no longer be credited. */
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
    await changeSuggestion(tx, id, { state, outcomeVersion: version, outcomeOn: null })
    const facts = { from: one.state, to: state, outcomeVersion: version, outcomeOn: null }
    await audit(tx, { actor, act: 'suggestion.answer', subject: { kind: 'suggestion', id }, facts, at: now })
  }
  return true
}

const onVersion = {
  permission: 'survey:manage',
  faults: 'questionnaire',
  subject: {
    async lock(tx: Tx, { version }: z.output<typeof ofVersion>) {
      const all = await lockAll(tx)
      const one = all.find((other) => other.version === version)
      return one ? { one, all } : refuse('not_found')
    },
    entry: ({ one }: { readonly one: Version }) => entryOf(one.version),
  },
} as const

/** Decides a trial with a public reason: at its size by two people, before it by one, who stops it without a result. */
export const decideTrial = act({
  ...onVersion,
  name: 'questionnaire.decide',
  once: () => 'questionnaire.decide',
  page: shown('decided'),
  input: ofVersion.loose(),
  async run({ tx, actor, subject: { one }, input, now }) {
    if (one.trialPercent === null) return refuse('not_found')
    if (!mayDecide(one, now)) return refuse('stale')
    const read = readDecision(input as object as RawForm)
    if (!read.ok) return refuseFields(read.error)
    const { adopt, decisionVi, decisionEn } = read.value
    const content = { version: one.version, adopt, reason: { vi: decisionVi, en: decisionEn } }
    if (one.reachedAt != null) {
      const asked = await askApproval(
        tx,
        actor,
        endingTrial,
        { subject: trialSubject(one.version), content },
        now,
      )
      return asked.ok ? logged(one.version) : refuse('request_open')
    }
    if (adopt) return refuseFields({ decision: 'decision.unreached' })
    await writeDecision(tx, content, now)
    return answer(one.version, { decision: 'stop' })
  },
})

/** Retires a version, or cancels it before its day. `undecided`: a trial that has begun must be decided instead. */
export const retireVersion = act({
  ...onVersion,
  name: 'questionnaire.retire',
  once: () => 'questionnaire.retire',
  page: shown('retired'),
  input: ofVersion,
  async run({ tx, subject: { one, all }, now }) {
    if (one.publishedAt === null) return refuse('not_found')
    if (one.retiredAt !== null) return refuse('stale')
    if (mayDecide(one, now)) return refuse('undecided')
    if (!mayRetire(one, all, now)) return refuse('last')
    const where = { version: one.version }
    await tx.questionnaire.update({ where, data: { retiredAt: now }, select: { version: true } })
    return answer(one.version)
  },
})
