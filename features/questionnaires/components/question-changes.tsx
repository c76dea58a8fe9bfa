import { getLocale, getTranslations } from 'next-intl/server'
import { conditionWords, type QuestionChange } from '../rules/questionnaire-diff.ts'

type Language = 'vi' | 'en'

export interface QuestionChangesProps {
  readonly changes: readonly QuestionChange[]
  /** The languages whose words are shown: the reader's; both for the manager who publishes, and so answers for both. */
  readonly languages: readonly Language[]
}

/** Shows what changed from one version of the questions to the next, one line for each change and language. */
export async function QuestionChanges({ changes, languages }: QuestionChangesProps) {
  const t = await getTranslations('survey-questions.change')
  if (changes.length === 0) return <p className="text-soft">{t('none')}</p>
  return (
    <ul className="stack">
      {changes.map((change) => (
        <li key={`${change.kind} ${change.question.key}`} data-change={change.kind}>
          <b>{t(change.kind)}:</b>{' '}
          {languages.map((language) => (
            <span key={language} lang={language} className={languages.length > 1 ? 'block' : undefined}>
              {change.question[language]}
              <More change={change} language={language} beside={languages.length > 1} />
            </span>
          ))}
        </li>
      ))}
    </ul>
  )
}

interface MoreProps {
  readonly change: QuestionChange
  readonly language: Language
  /** True when both languages are shown, so that one which was not edited is pointed out. */
  readonly beside: boolean
}

async function More({ change, language, beside }: MoreProps) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('survey-questions.change')])
  const line = (text: string) => (
    <span className="block text-soft" lang={locale}>
      {text}
    </span>
  )
  if (change.kind === 'reworded') {
    const text = change.before[language]
    if (text !== change.question[language]) return line(t('before', { text }))
    return beside ? line(t('sameWords')) : null
  }
  if (change.kind === 'condition') {
    return line(
      change.after === null ? t('conditionNone') : t('conditionOn', conditionWords(change.after, language)),
    )
  }
  if (change.kind !== 'options') return null
  const lines = [
    ...change.added.map((option) => t('optionAdded', { text: option[language] })),
    ...change.removed.map((option) => t('optionRemoved', { text: option[language] })),
    ...change.reworded
      .filter(({ before, after }) => before[language] !== after[language])
      .map(({ before, after }) => t('optionReworded', { before: before[language], after: after[language] })),
    ...(change.reordered ? [t('optionsMoved')] : []),
  ]
  return lines.length === 0 ? null : line(lines.join('; '))
}
