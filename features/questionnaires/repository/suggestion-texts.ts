import '#server-only'
import type { Instant } from '#lib/time.ts'
import { db } from '#platform/db.ts'

/**
 * Empties the words of some suggestions that were answered before an instant, or merged into one that was: summary and answer
 * are public, what people wrote has had its time.
 */
export async function forgetSuggestionTexts(answeredBefore: Instant): Promise<number> {
  const merged = await db.$executeRaw`
    UPDATE survey_suggestions SET text = '' WHERE id IN (
      SELECT s.id FROM survey_suggestions s JOIN survey_suggestions root ON root.id = s.merged_into_id
      WHERE s.text <> '' AND root.answered_at <= ${answeredBefore} LIMIT 500)`
  const answered = await db.$executeRaw`
    UPDATE survey_suggestions SET text = '' WHERE id IN (
      SELECT id FROM survey_suggestions WHERE text <> '' AND answered_at <= ${answeredBefore} LIMIT 500)`
  return merged + answered
}
