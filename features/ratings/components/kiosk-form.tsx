import { getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { HiddenField } from '#components/form/field.tsx'
import type { FormAction } from '#components/form/form-state.ts'
import { SubmitButton } from '#components/form/submit-button.tsx'
import type { Questionnaire } from '#features/questionnaires/rules/questionnaire.ts'
import { emptyFault } from '../rules/rating.ts'
import { KioskRunner } from './kiosk-runner.tsx'
import { QuestionField } from './rating-form.tsx'

export interface KioskFormProps {
  readonly action: FormAction
  readonly agency: string
  readonly token: string
  readonly questionnaire: Questionnaire
  readonly locale: 'vi' | 'en'
  /** The number of months for which an answer in words is kept. */
  readonly commentMonths: number
  /** The kiosk's own language, where this page is in another that somebody has chosen. */
  readonly home: { readonly locale: string; readonly href: string } | null
}

/** Renders the required questions alone, in large buttons, for the person before the counter. */
export async function KioskForm(props: KioskFormProps) {
  const { action, agency, token, questionnaire, locale, commentMonths, home } = props
  const [t, faults] = await Promise.all([getTranslations('survey-kiosk'), getTranslations('faults.survey')])
  const required = questionnaire.questions.filter((question) => question.required)
  return (
    <ActionForm action={action} className="stack-l kiosk-form">
      <HiddenField name="kiosk" value={token} />
      {home === null ? null : <HiddenField name="home" value={home.locale} />}
      <HiddenField name="agency" value={agency} />
      <HiddenField name="questionnaire" value={String(questionnaire.version)} />
      <KioskRunner
        agency={agency}
        home={home?.href ?? null}
        questions={required.map(({ key, kind }) => ({ key, fault: faults(emptyFault(kind)) }))}
        words={{
          thanks: t('thanks'),
          thanksText: t('thanksText'),
          sending: t('sending'),
          unsent: t('unsent'),
          unsentText: t('unsentText'),
          missing: t('missing'),
          question: t('question'),
          broken: t('offline'),
          refused: t('refusedLive'),
          unkept: t('unkept'),
        }}
      >
        {required.map((question, at) => (
          <QuestionField key={question.key} {...{ question, locale, commentMonths }} number={at + 1} />
        ))}
      </KioskRunner>
      <p className="actions">
        <SubmitButton>{t('send')}</SubmitButton>
      </p>
      <p className="text-soft">{t('anonymous')}</p>
    </ActionForm>
  )
}
