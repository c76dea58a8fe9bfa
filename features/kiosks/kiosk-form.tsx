import { getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Icon } from '#components/ui/icon.tsx'
import type { Questionnaire } from '#features/questionnaires/questions/rules.ts'
import { QuestionField } from '#features/ratings/rating/rating-form.tsx'
import { emptyFault } from '#features/ratings/rating/rules.ts'
import type { FormAction } from '#lib/form-state.ts'
import { KioskRunner } from './kiosk-runner.tsx'

interface KioskFormProps {
  readonly action: FormAction
  readonly agency: string
  readonly token: string
  readonly questionnaire: Questionnaire
  /** The most answers that the kiosk takes in an hour. */
  readonly ceiling: number
  readonly locale: 'vi' | 'en'
  /** The number of months for which an answer in words is kept. */
  readonly commentMonths: number
  /** The address of this page: opened again, it is empty. */
  readonly own: string
  /** The kiosk's own language, where a person has switched this page to the other one. */
  readonly home: string | null
}

/** Renders the required questions alone, in large buttons, for the person before the counter. */
export async function KioskForm(props: KioskFormProps) {
  const { action, agency, token, questionnaire, ceiling, locale, commentMonths, own, home } = props
  const [t, faults] = await Promise.all([getTranslations('survey-kiosk'), getTranslations('faults.survey')])
  const required = questionnaire.questions.filter((question) => question.required)
  return (
    <ActionForm action={action} className="stack-l kiosk-form">
      <HiddenField name="kiosk" value={token} />
      <HiddenField name="agency" value={agency} />
      <HiddenField name="questionnaire" value={String(questionnaire.version)} />
      <KioskRunner
        agency={agency}
        ceiling={ceiling}
        home={home}
        questions={required.map(({ key, kind }) => ({ key, fault: faults(emptyFault(kind)) }))}
        words={{
          thanks: t('thanks'),
          thanksText: t('thanksText'),
          sending: t('sending'),
          unsent: t('unsent'),
          unsentText: t('unsentText'),
          full: t('full'),
          fullText: t('fullText'),
          missing: t('missing'),
          question: t('question'),
          broken: t('offline'),
          refused: t('refusedLive'),
          unkept: t('unkept'),
        }}
      >
        {required.map((question, at) => (
          <div key={question.key} className="kiosk-question">
            <p className="kiosk-progress">
              <span>{t('progress', { number: at + 1, count: required.length })}</span>
              <svg viewBox={`0 0 ${required.length * 10} 4`} preserveAspectRatio="none" aria-hidden="true">
                {required.map(({ key }, step) => (
                  <rect
                    key={key}
                    x={step * 10}
                    width="9"
                    height="4"
                    className={step < at ? 'fill-teal' : step === at ? 'fill-saffron' : 'fill-line'}
                  />
                ))}
              </svg>
            </p>
            <QuestionField {...{ question, locale, commentMonths }} number={String(at + 1)} faces />
            <KioskWays
              own={own}
              to={required[at + 1]?.key ?? null}
              words={{ next: t('next'), again: t('again') }}
            />
          </div>
        ))}
      </KioskRunner>
      <p className="actions">
        <SubmitButton>{t('send')}</SubmitButton>
      </p>
      <p className="text-soft">{t('anonymous')}</p>
    </ActionForm>
  )
}

interface KioskWaysProps {
  readonly own: string
  /** The next question; null below the last one. */
  readonly to: string | null
  readonly words: { readonly next: string; readonly again: string }
}

/**
 * Renders the way to the next question, a plain place of the page, and the way back to an empty form: the page itself,
 * which without a script is loaded again.
 */
function KioskWays({ own, to, words }: KioskWaysProps) {
  return (
    <p className="kiosk-next">
      <a className="button" data-look="plain" data-kiosk-again="" href={own}>
        <Icon name="turnLeft" />
        {words.again}
      </a>
      {to === null ? null : (
        <a className="button" data-look="quiet" href={`#${to}-group`}>
          {words.next}
        </a>
      )}
    </p>
  )
}
