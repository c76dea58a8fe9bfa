import { getLocale, getTranslations } from 'next-intl/server'
import { Children, type ReactNode } from 'react'
import { Card } from '#components/ui/card.tsx'
import { Details } from '#components/ui/details.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { Tag, type TagProps } from '#components/ui/tag.tsx'
import { writtenTag } from '#components/ui/written.tsx'
import { trialFiguresSchema } from '#features/results/questions/trial-rules.ts'
import { points } from '#features/results/rules.ts'
import { addMilliseconds, localDate } from '#lib/time.ts'
import { formatDate, formatInstant } from '#messages/dates.ts'
import type { Locale } from '#messages/routing.ts'
import { asAsked, HEADLINE, type Questionnaire } from '../questions/rules.ts'
import { conditionWords, type OneLanguageEdit, type QuestionChange } from './draft-rules.ts'
import type { Trial, VersionDates, VersionState } from './rules.ts'

interface VersionStoryProps {
  readonly version: Questionnaire &
    VersionDates & {
      readonly state: VersionState
      readonly baseVersion: number | null
      readonly reasonVi: string | null
      readonly reasonEn: string | null
      readonly decisionVi: string | null
      readonly decisionEn: string | null
      readonly trialPoints: number | null
      /** The figures of its trial; null until it had its size. */
      readonly trialFigures: unknown
      /** When its trial ends or ended; null where it was none. */
      readonly trialEnd: Date | null
      readonly changes: readonly QuestionChange[]
    }
  readonly locale: 'vi' | 'en'
  readonly children?: ReactNode
}

export async function VersionStory({ version: one, locale, children }: VersionStoryProps) {
  const [t, words] = await Promise.all([getTranslations('questions'), getTranslations('survey-questions')])
  const decision = locale === 'vi' ? one.decisionVi : one.decisionEn
  const reason = locale === 'vi' ? one.reasonVi : one.reasonEn
  const date = (at: Date) => formatInstant(locale, at, 'date')
  const questions = asAsked(one.questions)
  return (
    <Card id={`version-${one.version}`} data-version={one.version} data-state={one.state}>
      <h3>{words('version', { version: one.version })}</h3>
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-soft">
        <VersionTag state={one.state} trialPercent={one.trialPercent} />
        <span>
          {one.publishedAt &&
            (one.retiredAt && one.trialEnd === null
              ? t('sinceUntil', { date: date(one.publishedAt), until: date(one.retiredAt) })
              : t('since', { date: date(one.publishedAt) }))}{' '}
          {one.trialEnd && t('trialUntil', { date: date(addMilliseconds(one.trialEnd, -1)) })}{' '}
          {one.adoptedAt && t('adopted', { date: date(one.adoptedAt) })}
        </span>
      </p>
      {one.trialSize == null ? null : <TrialStory version={one} locale={locale} />}
      {one.baseVersion === null ? (
        <p>{t('first')}</p>
      ) : (
        <>
          {reason === null ? null : (
            <>
              <h4 className="font-semibold">{t('reason')}</h4>
              <p className="wrap-anywhere whitespace-pre-line">{reason}</p>
            </>
          )}
          {decision === null ? null : (
            <>
              <h4 className="font-semibold">{t(one.adoptedAt === null ? 'droppedWhy' : 'adoptedWhy')}</h4>
              <p className="wrap-anywhere whitespace-pre-line">{decision}</p>
            </>
          )}
          <h4 className="font-semibold">{t('changes', { version: one.baseVersion })}</h4>
          <QuestionChanges changes={one.changes} languages={[locale]} />
        </>
      )}
      {Children.count(children) === 0 ? null : (
        <>
          <h4 className="font-semibold">{t('credit')}</h4>
          {children}
        </>
      )}
      <Details summary={t('all', { count: questions.length })}>
        <ol className="list-decimal space-y-1.5 pl-6">
          {questions.map((question) => (
            <li key={question.key}>
              {question[locale]}
              {question.required ? <span className="text-soft"> ({words('page.requiredTag')})</span> : null}
              {question.shownIf ? <span className="text-soft"> ({words('page.dependentTag')})</span> : null}
            </li>
          ))}
        </ol>
        <p className="text-soft">{t.rich('basis', { ...writtenTag, text: one.legalBasis })}</p>
      </Details>
    </Card>
  )
}

/** Renders the plan and the result of a trial; for one stopped before it had its size, that nothing is known. */
async function TrialStory({ version: one, locale }: Pick<VersionStoryProps, 'version' | 'locale'>) {
  const t = await getTranslations('questions.trial')
  const plan = t('plan', { size: one.trialSize ?? 0, points: one.trialPoints ?? 0 })
  const read = trialFiguresSchema.safeParse(one.trialFigures)
  if (!read.success) return <p>{one.retiredAt === null ? plan : `${plan} ${t('stopped')}`}</p>
  const { answers, agencies, questions } = read.data
  const headline = questions.find(({ key }) => key === HEADLINE)?.difference
  return (
    <p data-difference={headline?.value}>
      {plan} {t('reached', { ...answers, agencies })}{' '}
      {headline
        ? t('difference', {
            value: points(locale, headline.value),
            low: points(locale, headline.low),
            high: points(locale, headline.high),
          })
        : null}
    </p>
  )
}

const TONES: Readonly<Record<VersionState, NonNullable<TagProps['tone']>>> = {
  draft: 'wait',
  scheduled: 'neutral',
  current: 'ok',
  trial: 'neutral',
  tried: 'wait',
  replaced: 'plain',
  retired: 'plain',
  cancelled: 'plain',
}

export async function VersionTag({
  state,
  trialPercent,
}: {
  readonly state: VersionState
  readonly trialPercent: number | null
}) {
  const t = await getTranslations('survey-questions.state')
  return (
    <Tag tone={TONES[state]} {...(state === 'draft' && { icon: 'edit' })}>
      {t(state, { percent: trialPercent ?? 0 })}
    </Tag>
  )
}

type Language = 'vi' | 'en'

export async function QuestionChanges({
  changes,
  languages,
}: {
  readonly changes: readonly QuestionChange[]
  /** The languages to show: the reader's, or both for the manager who publishes and is responsible for both. */
  readonly languages: readonly Language[]
}) {
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

async function More({
  change,
  language,
  beside,
}: {
  readonly change: QuestionChange
  readonly language: Language
  /** True when both languages are shown, so that one which was not edited is pointed out. */
  readonly beside: boolean
}) {
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

/** Returns the message values for who gets a trial, from which day to which. */
export const trialDates = (
  { percent, from, until }: Pick<Trial, 'percent' | 'from' | 'until'>,
  locale: Locale,
) => ({
  percent,
  from: formatDate(locale, localDate(from)),
  // It ends at a day's first moment, or within a day if it was decided early.
  until: formatDate(locale, localDate(addMilliseconds(until, -1))),
})

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
