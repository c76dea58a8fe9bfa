import { getTranslations } from 'next-intl/server'
import type { QuestionChange } from '#domain/survey/questionnaire-diff.ts'

export interface QuestionChangesProps {
  readonly changes: readonly QuestionChange[]
  readonly locale: 'vi' | 'en'
}

/** What changed from one version of the questions to the next, a line a change. */
export async function QuestionChanges({ changes, locale }: QuestionChangesProps) {
  const t = await getTranslations('survey-questions.change')
  if (changes.length === 0) return <p className="text-soft">{t('none')}</p>
  return (
    <ul className="stack">
      {changes.map((change) => (
        <li key={`${change.kind} ${change.question.key}`} data-change={change.kind}>
          <b>{t(change.kind)}:</b> {change.question[locale]}
          <More change={change} locale={locale} />
        </li>
      ))}
    </ul>
  )
}

async function More({ change, locale }: { readonly change: QuestionChange; readonly locale: 'vi' | 'en' }) {
  const t = await getTranslations('survey-questions.change')
  if (change.kind === 'reworded') {
    const text = change.before[locale]
    // The other language alone may have been reworded.
    if (text === change.question[locale]) return null
    return <span className="block text-soft">{t('before', { text })}</span>
  }
  if (change.kind !== 'options') return null
  const lines = [
    ...change.added.map((option) => t('optionAdded', { text: option[locale] })),
    ...change.removed.map((option) => t('optionRemoved', { text: option[locale] })),
    ...change.reworded
      .filter(({ before, after }) => before[locale] !== after[locale])
      .map(({ before, after }) => t('optionReworded', { before: before[locale], after: after[locale] })),
    ...(change.reordered ? [t('optionsMoved')] : []),
  ]
  return lines.length === 0 ? null : <span className="block text-soft">{lines.join('; ')}</span>
}
