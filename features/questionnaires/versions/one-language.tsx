import { getTranslations } from 'next-intl/server'
import { Notice } from '#components/ui/notice.tsx'
import type { OneLanguageEdit } from '#features/questionnaires/rules/questionnaire-diff.ts'

/** Warns of questions that were edited in one language only, with the words that were left unchanged. */
export async function OneLanguage({ edits }: { readonly edits: readonly OneLanguageEdit[] }) {
  const t = await getTranslations('survey-questions.oneLanguage')
  return (
    <Notice tone="wait" title={t('title')}>
      <ul>
        {edits.map(({ question, unchanged }) => (
          <li key={`${question.key} ${unchanged}`} data-one-language={question.key}>
            {question.key}: {t(unchanged)} <span lang={unchanged}>{question[unchanged]}</span>
          </li>
        ))}
      </ul>
      <p>{t('text')}</p>
    </Notice>
  )
}
