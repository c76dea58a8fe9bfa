import { getLocale, getTranslations } from 'next-intl/server'
import { Details } from '#components/ui/details.tsx'
import type { AskedQuestion, QuestionUse, Trial } from '#features/questionnaires/versions/rules.ts'
import { trialDates } from '#features/questionnaires/versions/version-story.tsx'
import { type Counts, withDispersion } from '../tally-rules.ts'
import { AnswerBar, AnswerPatterns } from './answer-bar.tsx'

type Told = AskedQuestion & {
  readonly respondents: number
  readonly counts: Counts | null
  readonly dispersion?: number
}

export async function QuestionsSection({
  questions,
  trials,
}: {
  readonly questions: readonly Told[]
  readonly trials: readonly Trial[]
}) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('results')])
  if (questions.length === 0) return null
  const of = (use: QuestionUse) => questions.filter((one) => one.use === use)
  const current = of('current')
  const plain = questions.every(({ use, versions }) => use === 'current' && versions.length === 1)
  const [past, tried] = [of('past'), of('trial')]
  const version = current[0]?.version ?? 0
  const [required, optional] = [true, false].map((wanted) =>
    current.filter(({ question }) => question.required === wanted),
  )
  return (
    <div className="space-y-5 md:space-y-12">
      <section aria-labelledby="questions">
        <AnswerPatterns />
        <div className="mb-2 space-y-1">
          <h2 id="questions">{t('questions')}</h2>
          {plain ? null : <p className="max-w-measure text-soft">{t('versions.current', { version })}</p>}
          <p className="max-w-measure text-sm text-soft">{t('bars.note')}</p>
        </div>
        <Bars questions={required ?? []} plain={plain} />
        {optional === undefined || optional.length === 0 ? null : (
          <div className="md:mt-3">
            <Details summary={t('bars.more', { count: optional.length })} look="row">
              <Bars questions={optional} plain={plain} />
            </Details>
          </div>
        )}
      </section>
      {past.length === 0 ? null : (
        <section className="stack" aria-labelledby="questions-past">
          <h2 id="questions-past">{t('versions.past')}</h2>
          <p className="max-w-measure text-soft">{t('versions.pastText')}</p>
          <Bars questions={past} plain={false} />
        </section>
      )}
      {trials.flatMap((trial) => {
        const own = tried.filter((one) => one.version === trial.version)
        if (own.length === 0) return []
        const id = `questions-trial-${trial.version}`
        return [
          <section key={trial.version} className="stack" aria-labelledby={id} data-trial={trial.version}>
            <h2 id={id}>{t('versions.trial', { version: trial.version })}</h2>
            <p className="max-w-measure text-soft">
              {t('versions.trialDates', trialDates(trial, locale))} {t('versions.trialText')}
            </p>
            <Bars questions={own} plain={false} />
          </section>,
        ]
      })}
    </div>
  )
}

function Bars({ questions, plain }: { readonly questions: readonly Told[]; readonly plain: boolean }) {
  return (
    <ol className="answers-list">
      {questions.map(({ version, versions, question, respondents, counts, dispersion = 1 }) => (
        <AnswerBar
          key={`${version}-${question.key}`}
          version={version}
          question={question}
          tally={counts && withDispersion({ respondents, counts }, dispersion)}
          {...(!plain && versions.length > 1 && { versions })}
        />
      ))}
    </ol>
  )
}
