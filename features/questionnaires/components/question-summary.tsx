import { getTranslations } from 'next-intl/server'
import type { Question } from '../rules/questionnaire.ts'
import { conditionAmong, conditionWords } from '../rules/questionnaire-diff.ts'

export interface QuestionSummaryProps {
  readonly question: Question
  readonly number: string
  /** All questions of its version. */
  readonly questions: readonly Question[]
  /** The language that comes first. */
  readonly locale: 'vi' | 'en'
}

/** Renders one question in both languages, how it is answered and with what. */
export async function QuestionSummary({ question, number, questions, locale }: QuestionSummaryProps) {
  const [t, change] = await Promise.all([
    getTranslations('survey-questions.kind'),
    getTranslations('survey-questions.change'),
  ])
  const condition = conditionAmong(questions, question)
  const other = locale === 'vi' ? 'en' : 'vi'
  const { key, kind, options } = question
  const source = locale === 'en' ? (question.sourceEn ?? question.source) : question.source
  return (
    <>
      <p className="font-semibold">
        {number}. {question[locale]}
      </p>
      <p className="text-soft" lang={other}>
        {question[other]}
      </p>
      <p className="text-sm text-soft">
        <span className="num">{key}</span> · {t(kind)}
        {source === '' ? null : ` · ${source}`}
      </p>
      {options.length === 0 ? null : (
        <p className="max-w-none text-sm">{options.map((option) => option[locale]).join(' / ')}</p>
      )}
      {condition === null ? null : (
        <p className="text-sm" data-condition={condition.parent.key}>
          {change('conditionOn', conditionWords(condition, locale))}
        </p>
      )}
    </>
  )
}
