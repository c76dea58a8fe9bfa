import { getLocale, getTranslations } from 'next-intl/server'
import { trialDates } from '#features/questionnaires/components/trial-dates.ts'
import type { AskedQuestion, QuestionUse, Trial } from '#features/questionnaires/rules/asked-questions.ts'
import type { Counts } from '../rules/distribution.ts'
import { DistributionTable } from './distribution-table.tsx'

type Told = AskedQuestion & { readonly respondents: number; readonly counts: Counts | null }

export interface QuestionsSectionProps {
  readonly questions: readonly Told[]
  readonly trials: readonly Trial[]
}

/** Renders an agency's figures question by question: the version in use whole, then earlier questions, a trial last. */
export async function QuestionsSection({ questions, trials }: QuestionsSectionProps) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('results')])
  if (questions.length === 0) return null
  const of = (use: QuestionUse) => questions.filter((one) => one.use === use)
  const current = of('current')
  const plain = questions.every(({ use, versions }) => use === 'current' && versions.length === 1)
  const [past, tried] = [of('past'), of('trial')]
  const version = current[0]?.version ?? 0
  return (
    <div className="space-y-12">
      <section className="stack-l" aria-labelledby="questions">
        <h2 id="questions">{t('questions')}</h2>
        {plain ? null : <p className="max-w-measure text-soft">{t('versions.current', { version })}</p>}
        <Grid questions={current} plain={plain} />
      </section>
      {past.length === 0 ? null : (
        <section className="stack-l" aria-labelledby="questions-past">
          <h2 id="questions-past">{t('versions.past')}</h2>
          <p className="max-w-measure text-soft">{t('versions.pastText')}</p>
          <Grid questions={past} plain={false} />
        </section>
      )}
      {trials.flatMap((trial) => {
        const own = tried.filter((one) => one.version === trial.version)
        if (own.length === 0) return []
        const id = `questions-trial-${trial.version}`
        return [
          <section key={trial.version} className="stack-l" aria-labelledby={id} data-trial={trial.version}>
            <h2 id={id}>{t('versions.trial', { version: trial.version })}</h2>
            <p className="max-w-measure text-soft">
              {t('versions.trialDates', trialDates(trial, locale))} {t('versions.trialText')}
            </p>
            <Grid questions={own} plain={false} />
          </section>,
        ]
      })}
    </div>
  )
}

async function Grid({ questions, plain }: { readonly questions: readonly Told[]; readonly plain: boolean }) {
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-x-16 gap-y-10 lg:grid-cols-[repeat(2,minmax(0,1fr))]">
      {questions.map(({ version, versions, question, respondents, counts }) => (
        <DistributionTable
          key={`${version}-${question.key}`}
          version={version}
          question={question}
          tally={counts && { respondents, counts }}
          {...(!plain && versions.length > 1 && { versions })}
        />
      ))}
    </div>
  )
}
