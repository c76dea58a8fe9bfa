import { getTranslations } from 'next-intl/server'
import { Children, type ReactNode } from 'react'
import { Card } from '#components/ui/card.tsx'
import { Details } from '#components/ui/details.tsx'
import { writtenTag } from '#components/ui/written.tsx'
import { addMilliseconds } from '#lib/time.ts'
import { formatInstant } from '#messages/dates.ts'
import { asAsked, type Questionnaire } from '../rules/questionnaire.ts'
import type { QuestionChange } from '../rules/questionnaire-diff.ts'
import type { VersionDates, VersionState } from '../rules/version.ts'
import { QuestionChanges } from './question-changes.tsx'
import { VersionTag } from './version-state.tsx'

export interface VersionStoryProps {
  readonly version: Questionnaire &
    VersionDates & {
      readonly state: VersionState
      readonly baseVersion: number | null
      readonly reasonVi: string | null
      readonly reasonEn: string | null
      readonly decisionVi: string | null
      readonly decisionEn: string | null
      /** When its trial ends or ended; null where it was none. */
      readonly trialEnd: Date | null
      readonly changes: readonly QuestionChange[]
    }
  readonly locale: 'vi' | 'en'
  /** The suggestions that led to it. */
  readonly children?: ReactNode
}

/** Renders one version of the questions as everybody reads it: since when, what it changed, why, and thanks to whom. */
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
          {one.publishedAt && t('since', { date: date(one.publishedAt) })}{' '}
          {one.trialEnd && t('trialUntil', { date: date(addMilliseconds(one.trialEnd, -1)) })}{' '}
          {one.adoptedAt && t('adopted', { date: date(one.adoptedAt) })}{' '}
          {one.retiredAt && one.trialEnd === null && t('until', { date: date(one.retiredAt) })}
        </span>
      </p>
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
