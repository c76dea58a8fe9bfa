import '#server-only'
import { type Questionnaire, questionsSchema } from '#domain/survey/questionnaire.ts'
import {
  currentVersion,
  drawVersion,
  takesAnswers,
  trialVersion,
  type VersionDates,
  wasPublic,
} from '#domain/survey/version.ts'
import type { Instant } from '#domain/time.ts'
import { db, type Tx } from '#server/platform/db.ts'

const dates = { version: true, publishedAt: true, retiredAt: true, trialPercent: true } as const

/** When each version is asked, drafts included, newest first. There are few. */
export const versionDates = (tx: Tx = db): Promise<VersionDates[]> =>
  tx.questionnaire.findMany({ orderBy: { version: 'desc' }, select: dates })

/** The questionnaire of a version that exists. */
export async function questionnaire(version: number): Promise<Questionnaire> {
  const found = await db.questionnaire.findUniqueOrThrow({
    where: { version },
    select: { version: true, legalBasis: true, questions: true },
  })
  return { ...found, questions: questionsSchema.parse(found.questions) }
}

/** The questionnaire of a version that answers are taken to; null for any other. */
export async function answeredQuestionnaire(version: number, now: Instant): Promise<Questionnaire | null> {
  const all = await versionDates()
  const found = all.find((one) => one.version === version)
  return found && takesAnswers(found, all, now) ? published(found) : null
}

/** Each is read once: what has been published never changes (trigger `questionnaires_immutable`). */
const publishedOnes = new Map<string, Questionnaire>()

async function published({ version, publishedAt }: VersionDates): Promise<Questionnaire> {
  const key = `${version}/${publishedAt?.getTime()}`
  const found = publishedOnes.get(key) ?? (await questionnaire(version))
  publishedOnes.set(key, found)
  return found
}

/**
 * The questionnaire of a new form, and whether it was drawn. Without a version there is a draw where one is on trial;
 * a version that is not asked gives way to the one that everybody gets.
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

/** Every version that was ever asked, newest first. */
export async function publishedQuestionnaires(now: Instant): Promise<Questionnaire[]> {
  const found = await db.questionnaire.findMany({
    where: { publishedAt: { lte: now } },
    orderBy: { version: 'desc' },
    select: { ...dates, legalBasis: true, questions: true },
  })
  return found
    .filter((one) => wasPublic(one, now))
    .map(({ version, legalBasis, questions }) => ({
      version,
      legalBasis,
      questions: questionsSchema.parse(questions),
    }))
}

export interface Version extends Questionnaire, VersionDates {
  readonly baseVersion: number | null
  readonly reasonVi: string | null
  readonly reasonEn: string | null
  readonly revision: number
}

/** Every version whole, drafts included, newest first. */
export async function allVersions(tx: Tx = db): Promise<Version[]> {
  const found = await tx.questionnaire.findMany({ orderBy: { version: 'desc' } })
  return found.map((one) => ({ ...one, questions: questionsSchema.parse(one.questions) }))
}
