import '#server-only'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import type { Instant } from '#lib/time.ts'
import { db, type Tx } from '#platform/db.ts'
import { type Questionnaire, questionsSchema } from '../questions/rules.ts'
import {
  type DraftProblem,
  draftProblems,
  type OneLanguageEdit,
  oneLanguageEdits,
  type QuestionChange,
  questionChanges,
} from './draft-rules.ts'
import type { QuestionnairePublication } from './publication-rules.ts'
import {
  currentVersion,
  type DatedQuestionnaire,
  drawVersion,
  mayDecide,
  mayRetire,
  takesAnswers,
  trialEnd,
  trialVersion,
  type VersionDates,
  type VersionState,
  versionState,
  wasPublic,
} from './rules.ts'

const dates = {
  version: true,
  publishedAt: true,
  retiredAt: true,
  trialPercent: true,
  trialEndsAt: true,
  trialSize: true,
  reachedAt: true,
  adoptedAt: true,
} as const

/** Returns the dates of all versions, drafts included, newest first. There are few. */
export const listVersionDates = (tx: Tx = db): Promise<VersionDates[]> =>
  tx.questionnaire.findMany({ orderBy: { version: 'desc' }, select: dates })

async function readQuestionnaire(version: number): Promise<Questionnaire> {
  const found = await db.questionnaire.findUniqueOrThrow({
    where: { version },
    select: { version: true, legalBasis: true, questions: true },
  })
  return { ...found, questions: questionsSchema.parse(found.questions) }
}

export async function findAnsweredQuestionnaire(
  version: number,
  all: readonly VersionDates[],
  now: Instant,
  takes: typeof takesAnswers,
): Promise<Questionnaire | null> {
  const found = all.find((one) => one.version === version)
  return found && takes(found, all, now) ? published(found) : null
}

/** A cache: a published version never changes (trigger `questionnaires_immutable`). */
const publishedOnes = new Map<string, Questionnaire>()

async function published({ version, publishedAt }: VersionDates): Promise<Questionnaire> {
  const key = `${version}/${publishedAt?.getTime()}`
  const found = publishedOnes.get(key) ?? (await readQuestionnaire(version))
  publishedOnes.set(key, found)
  return found
}

/** Returns the questionnaire for a new form, and whether a trial drew it. One that takes no answers gives the current one. */
export async function chooseQuestionnaire(
  wanted: number | null,
  random: number,
  now: Instant,
): Promise<{
  readonly questionnaire: Questionnaire
  readonly drawn: boolean
  readonly trial: number | null
} | null> {
  const all = await listVersionDates()
  const named = all.find((one) => one.version === wanted && takesAnswers(one, all, now))
  const trial = trialVersion(all, now)?.version ?? null
  const drawn = wanted === null && trial !== null
  const asked = named ?? (drawn ? drawVersion(all, now, random) : currentVersion(all, now))
  return asked && { questionnaire: await readQuestionnaire(asked.version), drawn, trial }
}

export async function listPublishedQuestionnaires(now: Instant): Promise<DatedQuestionnaire[]> {
  const found = await db.questionnaire.findMany({
    where: { publishedAt: { lte: now } },
    orderBy: { version: 'desc' },
    select: { ...dates, legalBasis: true, questions: true },
  })
  return found
    .filter((one) => wasPublic(one, now))
    .map((one) => ({ ...one, questions: questionsSchema.parse(one.questions) }))
}

export async function listAllVersions(tx: Tx = db) {
  const found = await tx.questionnaire.findMany({ orderBy: { version: 'desc' } })
  return found.map((one) => ({ ...one, questions: questionsSchema.parse(one.questions) }))
}
export type Version = Awaited<ReturnType<typeof listAllVersions>>[number]

/** Lets only one transaction at a time change the versions. Citizens who answer a version do not wait for it. */
export const lockVersions = async (tx: Tx): Promise<void> => {
  await tx.$executeRaw`LOCK TABLE questionnaires IN SHARE ROW EXCLUSIVE MODE`
}

type Changes = Partial<
  QuestionnairePublication & Pick<Questionnaire, 'legalBasis' | 'questions'> & { readonly trialSize: number }
>

/** Changes or publishes a draft. Returns false when it has changed since that revision, or is no draft. */
export async function changeVersionDraft(
  tx: Tx,
  { version, revision }: Pick<Version, 'version' | 'revision'>,
  { questions, ...changes }: Changes,
): Promise<boolean> {
  const { count } = await tx.questionnaire.updateMany({
    where: { version, revision, publishedAt: null },
    data: { ...changes, ...(questions && { questions: [...questions] }), revision: { increment: 1 } },
  })
  return count === 1
}

export async function listVersions(actor: StaffActor, now: Instant) {
  if (!may(actor.role, 'survey:read')) return []
  const all = await listAllVersions()
  return all.map((one) => {
    const { version, publishedAt, retiredAt, trialPercent, questions } = one
    return {
      ...{ version, publishedAt, retiredAt, trialPercent, questions: questions.length },
      state: versionState(one, all, now),
      // Whether a draft may begin with its questions.
      mayBeBase: wasPublic(one, now),
    }
  })
}

/** Returns the versions whose trial is over but not decided, the newest first. Each of them blocks any other trial. */
export async function listTriedVersions(now: Instant): Promise<number[]> {
  const all = await listVersionDates()
  return all
    .filter((one) => versionState(one, all, now) === 'tried')
    .map(({ version }) => version)
    .toSorted((a, b) => b - a)
}

export interface VersionPage extends Version {
  readonly state: VersionState
  readonly problems: readonly DraftProblem[]
  readonly changes: readonly QuestionChange[]
  readonly oneLanguage: readonly OneLanguageEdit[]
  readonly mayBeBase: boolean
  readonly mayRetire: boolean
  readonly mayDecide: boolean
  /** The version in use now, if a draft was not made from it. */
  readonly newerBase: number | null
  /** The trial that blocks another: it runs, or waits for its day or its decision. */
  readonly openTrial: { readonly version: number; readonly running: boolean } | null
}

const changesOf = (one: Version, all: readonly Version[]): readonly QuestionChange[] => {
  const base = all.find(({ version }) => version === one.baseVersion)
  return base === undefined ? [] : questionChanges(base.questions, one.questions)
}

export async function readVersionPage(
  actor: StaffActor,
  version: number,
  now: Instant,
): Promise<VersionPage | null> {
  if (!may(actor.role, 'survey:read')) return null
  const all = await listAllVersions()
  const one = all.find((other) => other.version === version)
  if (one === undefined) return null
  const state = versionState(one, all, now)
  const current = currentVersion(all, now)?.version ?? null
  const published = all.filter(({ publishedAt }) => publishedAt !== null)
  const changes = changesOf(one, all)
  return {
    ...one,
    state,
    problems: state === 'draft' ? draftProblems(one, published) : [],
    changes,
    oneLanguage: state === 'draft' ? oneLanguageEdits(changes) : [],
    mayBeBase: wasPublic(one, now),
    mayRetire: mayRetire(one, all, now),
    mayDecide: mayDecide(one, now),
    newerBase: state === 'draft' && current !== one.baseVersion ? current : null,
    openTrial: openTrial(published, now),
  }
}

function openTrial(published: readonly Version[], now: Instant): VersionPage['openTrial'] {
  const one = published.find(
    ({ trialPercent, retiredAt, adoptedAt }) =>
      trialPercent !== null && retiredAt === null && adoptedAt === null,
  )
  if (one === undefined) return null
  return { version: one.version, running: versionState(one, published, now) !== 'tried' }
}

/** Returns every version that was ever in use, newest first, each with its changes and the end of its trial. */
export async function listPublicVersions(now: Instant) {
  const all = await listAllVersions()
  return all
    .filter((one) => wasPublic(one, now))
    .toSorted((a, b) => Number(b.publishedAt) - Number(a.publishedAt) || b.version - a.version)
    .map((one) => ({
      ...one,
      state: versionState(one, all, now),
      changes: changesOf(one, all),
      trialEnd: one.trialPercent === null ? null : trialEnd(one, all),
    }))
}

export async function readQuestionWords(version: number, question: string, now: Instant) {
  const asked = (await listPublishedQuestionnaires(now)).find((one) => one.version === version)
  const found = asked?.questions.find(({ key }) => key === question)
  return found === undefined ? null : { vi: found.vi, en: found.en }
}
