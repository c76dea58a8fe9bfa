import { getTranslations } from 'next-intl/server'
import { Tag, type TagProps } from '#components/ui/tag.tsx'
import { formatDate } from '#messages/dates.ts'
import type { AnsweredState, PublicAnswer, SuggestionState } from './rules.ts'

export async function AnsweredSuggestion({
  suggestion,
  locale,
  versions = [],
}: {
  readonly suggestion: PublicAnswer & {
    readonly state: AnsweredState
    readonly people: number
    readonly outcomeVersion: number | null
    readonly outcomeOn: Date | null
  }
  readonly locale: 'vi' | 'en'
  /** The versions shown on the page, so that the resulting one can be linked; absent inside that version's own entry. */
  readonly versions?: readonly number[]
}) {
  const t = await getTranslations('questions')
  const { state, people, outcomeVersion, outcomeOn, summaryVi, summaryEn, answerVi, answerEn } = suggestion
  const english = locale === 'en'
  return (
    <article className="space-y-1.5 border-l-4 border-line pl-4" data-answer={state}>
      <p
        className="font-semibold wrap-anywhere whitespace-pre-line"
        lang={english && summaryEn ? 'en' : 'vi'}
      >
        {(english && summaryEn) || summaryVi}
      </p>
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-soft">
        <SuggestionTag state={state} />
        {t('people', { count: people })}
        {outcomeVersion !== null && versions.includes(outcomeVersion) ? (
          <a href={`#version-${outcomeVersion}`}>{t('outcome', { version: outcomeVersion })}</a>
        ) : null}
        {outcomeVersion === null && outcomeOn !== null ? (
          <span>{t('outcomeOn', { date: formatDate(locale, outcomeOn.toISOString().slice(0, 10)) })}</span>
        ) : null}
      </p>
      <p className="wrap-anywhere whitespace-pre-line" lang={english && answerEn ? 'en' : 'vi'}>
        {(english && answerEn) || answerVi}
      </p>
      {english && !(summaryEn && answerEn) ? <p className="text-sm text-soft">{t('onlyVi')}</p> : null}
    </article>
  )
}

const TONES: Readonly<Record<SuggestionState, NonNullable<TagProps['tone']>>> = {
  new: 'wait',
  merged: 'plain',
  accepted: 'ok',
  tried: 'neutral',
  declined: 'plain',
}

export async function SuggestionTag({ state }: { readonly state: SuggestionState }) {
  const t = await getTranslations('survey-suggestions.state')
  return <Tag tone={TONES[state]}>{t(state)}</Tag>
}
