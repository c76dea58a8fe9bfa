import '#server-only'
import { type Questionnaire, questionsSchema } from '#domain/survey/questionnaire.ts'
import type { Instant } from '#domain/time.ts'
import { db } from '#server/platform/db.ts'

/** The published, not retired questionnaire of a version; without one, the newest that there is. */
export async function openQuestionnaire(now: Instant, version?: number): Promise<Questionnaire | null> {
  const found = await db.questionnaire.findFirst({
    where: {
      publishedAt: { lte: now },
      OR: [{ retiredAt: null }, { retiredAt: { gt: now } }],
      ...(version !== undefined && { version }),
    },
    orderBy: { version: 'desc' },
    select: { version: true, legalBasis: true, questions: true },
  })
  return found && { ...found, questions: questionsSchema.parse(found.questions) }
}

/** Every version that was ever published, newest first. */
export async function publishedQuestionnaires(now: Instant): Promise<Questionnaire[]> {
  const found = await db.questionnaire.findMany({
    where: { publishedAt: { lte: now } },
    orderBy: { version: 'desc' },
    select: { version: true, legalBasis: true, questions: true },
  })
  return found.map((one) => ({ ...one, questions: questionsSchema.parse(one.questions) }))
}
