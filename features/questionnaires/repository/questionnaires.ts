import '#server-only'
import type { Instant } from '#lib/time.ts'
import { db, type Tx } from '#platform/db.ts'
import type { DatedQuestionnaire } from '../rules/asked-questions.ts'
import { type Questionnaire, questionsSchema } from '../rules/questionnaire.ts'
import {
  currentVersion,
  drawVersion,
  takesAnswers,
  trialVersion,
  type VersionDates,
  wasPublic,
} from '../rules/version.ts'
import type { QuestionnairePublication } from '../versions/publication-rules.ts'

const dates = {
  version: true,
  publishedAt: true,
  retiredAt: true,
  trialPercent: true,
  trialEndsAt: true,
  adoptedAt: true,
} as const

/** Returns when each version is asked, drafts included, newest first. There are few. */
export const versionDates = (tx: Tx = db): Promise<VersionDates[]> =>
  tx.questionnaire.findMany({ orderBy: { version: 'desc' }, select: dates })

/** Returns the questionnaire of a version that exists. */
export async function questionnaire(version: number): Promise<Questionnaire> {
  const found = await db.questionnaire.findUniqueOrThrow({
    where: { version },
    select: { version: true, legalBasis: true, questions: true },
  })
  return { ...found, questions: questionsSchema.parse(found.questions) }
}

/** Returns the questionnaire of a version that answers are taken to, among all that there are; null for any other. */
export async function answeredQuestionnaire(
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
  const found = publishedOnes.get(key) ?? (await questionnaire(version))
  publishedOnes.set(key, found)
  return found
}

/**
 * Returns the questionnaire for a new form, and whether it was drawn. Without a wanted version it is drawn while a
 * trial runs. A wanted version that takes no answers is replaced by the current one.
 *
 * @param random from 0 to below 1
 */
export async function askedQuestionnaire(
  wanted: number | null,
  random: number,
  now: Instant,
): Promise<{ readonly questionnaire: Questionnaire; readonly drawn: boolean } | null> {
  const all = await versionDates()
  const named = all.find((one) => one.version === wanted && takesAnswers(one, all, now))
  const drawn = wanted === null && trialVersion(all, now) !== null
  const asked = named ?? (drawn ? drawVersion(all, now, random) : currentVersion(all, now))
  return asked && { questionnaire: await questionnaire(asked.version), drawn }
}

/** Returns every version that was ever asked, newest first. */
export async function publishedQuestionnaires(now: Instant): Promise<DatedQuestionnaire[]> {
  const found = await db.questionnaire.findMany({
    where: { publishedAt: { lte: now } },
    orderBy: { version: 'desc' },
    select: { ...dates, legalBasis: true, questions: true },
  })
  return found
    .filter((one) => wasPublic(one, now))
    .map((one) => ({ ...one, questions: questionsSchema.parse(one.questions) }))
}

export interface Version extends Questionnaire, VersionDates {
  readonly baseVersion: number | null
  readonly reasonVi: string | null
  readonly reasonEn: string | null
  /** The reason why a trial was adopted or dropped. */
  readonly decisionVi: string | null
  readonly decisionEn: string | null
  readonly revision: number
}

/** Returns every version whole, drafts included, newest first. */
export async function allVersions(tx: Tx = db): Promise<Version[]> {
  const found = await tx.questionnaire.findMany({ orderBy: { version: 'desc' } })
  return found.map((one) => ({ ...one, questions: questionsSchema.parse(one.questions) }))
}

/** Lets one change of the versions through at a time. A citizen who answers one does not wait for it. */
export const lockVersions = async (tx: Tx): Promise<void> => {
  await tx.$executeRaw`LOCK TABLE questionnaires IN SHARE ROW EXCLUSIVE MODE`
}

export async function insertDraft(tx: Tx, version: number, base: Version): Promise<void> {
  const { legalBasis, questions } = base
  const data = { version, baseVersion: base.version, legalBasis, questions }
  await tx.questionnaire.create({ data, select: { version: true } })
}

type Changes = Partial<QuestionnairePublication & Pick<Questionnaire, 'legalBasis' | 'questions'>>

/** Changes a draft, or publishes it. False when it has changed since that revision, or is no draft. */
export async function changeDraft(
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

/** Deletes a draft; false when it has changed since that revision, or is no draft. */
export async function deleteDraft(
  tx: Tx,
  { version, revision }: Pick<Version, 'version' | 'revision'>,
): Promise<boolean> {
  const where = { version, revision, publishedAt: null }
  return (await tx.questionnaire.deleteMany({ where })).count === 1
}

export async function retireVersion(tx: Tx, version: number, at: Instant): Promise<void> {
  await tx.questionnaire.update({ where: { version }, data: { retiredAt: at }, select: { version: true } })
}

/** Writes the decision of a trial: from a moment on everybody gets it, or nobody. */
export async function decideTrial(
  tx: Tx,
  version: number,
  decision: {
    readonly at: Instant
    readonly adopt: boolean
    readonly decisionVi: string
    readonly decisionEn: string
  },
): Promise<void> {
  const { at, adopt, decisionVi, decisionEn } = decision
  await tx.questionnaire.update({
    where: { version },
    data: { decisionVi, decisionEn, ...(adopt ? { adoptedAt: at } : { retiredAt: at }) },
    select: { version: true },
  })
}
