import { getLocale } from 'next-intl/server'
import { readQuestionWords } from '#features/questionnaires/versions/data.ts'

export async function AnsweredQuestion({
  version,
  question,
}: {
  readonly version: number
  /** The question's key in that version; null for a comment that answers no question. */
  readonly question: string | null
}) {
  if (question === null) return null
  const [locale, words] = await Promise.all([getLocale(), readQuestionWords(version, question, new Date())])
  return (
    <span className="block text-sm text-soft" data-question={question}>
      {words === null ? question : locale === 'vi' ? words.vi : words.en}
    </span>
  )
}
