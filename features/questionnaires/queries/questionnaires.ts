import '#server-only'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import type { Instant } from '#lib/time.ts'
import {
  allVersions,
  publishedQuestionnaires,
  type Version,
  versionDates,
} from '../repository/questionnaires.ts'
import { type DraftProblem, draftProblems } from '../rules/draft.ts'
import {
  type OneLanguageEdit,
  oneLanguageEdits,
  type QuestionChange,
  questionChanges,
} from '../rules/questionnaire-diff.ts'
import {
  currentVersion,
  mayDecide,
  mayRetire,
  trialEnd,
  type VersionDates,
  type VersionState,
  versionState,
  wasPublic,
} from '../rules/version.ts'

export interface VersionRow extends VersionDates {
  readonly state: VersionState
  readonly questions: number
  /** True when a draft may begin with its questions. */
  readonly mayBeBase: boolean
}

/** Returns every version there is, drafts included, newest first; none for a person who may not read the survey's. */
export async function versions(actor: StaffActor, now: Instant): Promise<VersionRow[]> {
  if (!may(actor.role, 'survey:read')) return []
  const all = await allVersions()
  return all.map(({ questions, version, publishedAt, retiredAt, trialPercent, trialEndsAt, adoptedAt }) => {
    const one = { version, publishedAt, retiredAt, trialPercent, trialEndsAt, adoptedAt }
    return {
      ...one,
      state: versionState(one, all, now),
      questions: questions.length,
      mayBeBase: wasPublic(one, now),
    }
  })
}

/** Returns the versions whose trial is over and not decided, the newest first: each keeps any other trial waiting. */
export async function triedVersions(now: Instant): Promise<number[]> {
  const all = await versionDates()
  return all
    .filter((one) => versionState(one, all, now) === 'tried')
    .map(({ version }) => version)
    .toSorted((a, b) => b - a)
}

export interface VersionPage extends Version {
  readonly state: VersionState
  /** The problems that keep a draft from being published. */
  readonly problems: readonly DraftProblem[]
  /** The differences from the version that it was drafted from. */
  readonly changes: readonly QuestionChange[]
  /** The questions of a draft that were edited in one language only. */
  readonly oneLanguage: readonly OneLanguageEdit[]
  readonly mayBeBase: boolean
  readonly mayRetire: boolean
  /** Tells whether it is a trial that waits for its decision. */
  readonly mayDecide: boolean
  /** The version that everybody gets now, where a draft was not made from it. */
  readonly newerBase: number | null
  /** The trial that keeps another from being published: it runs, waits for its day or for its decision. */
  readonly openTrial: { readonly version: number; readonly running: boolean } | null
}

const changesOf = (one: Version, all: readonly Version[]): readonly QuestionChange[] => {
  const base = all.find(({ version }) => version === one.baseVersion)
  return base === undefined ? [] : questionChanges(base.questions, one.questions)
}

/** Returns one version for staff who may read the survey data; null when it is unknown, and for any other person. */
export async function versionPage(
  actor: StaffActor,
  version: number,
  now: Instant,
): Promise<VersionPage | null> {
  if (!may(actor.role, 'survey:read')) return null
  const all = await allVersions()
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

export interface PublicVersion extends Version {
  readonly state: VersionState
  readonly changes: readonly QuestionChange[]
  /** When its trial ends or ended; null where it was none. */
  readonly trialEnd: Instant | null
}

/** Returns every version that was ever asked, newest first, each with what it changed. */
export async function publicVersions(now: Instant): Promise<PublicVersion[]> {
  const all = await allVersions()
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

/** Returns the words of a question of a version that people answered; null where there is no such question. */
export async function questionWords(
  version: number,
  question: string,
  now: Instant,
): Promise<{ readonly vi: string; readonly en: string } | null> {
  const asked = (await publishedQuestionnaires(now)).find((one) => one.version === version)
  const found = asked?.questions.find(({ key }) => key === question)
  return found === undefined ? null : { vi: found.vi, en: found.en }
}
