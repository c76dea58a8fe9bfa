import { getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Radios } from '#components/form/choices.tsx'
import { Field, TextArea } from '#components/form/field.tsx'
import { ObjectionFrame } from '#components/objection/objection-frame.tsx'
import { StepButtons, StepHeading } from '#components/report/step-parts.tsx'
import { holderAction } from '../actions.ts'
import { draftAt, stepMetadata } from '../step.ts'

export const generateMetadata = stepMetadata('person')

/** Who holds the phone, how they came by it, and where messages reach them: the blocked phone receives none. */
export default async function ObjectionPersonPage() {
  const draft = await draftAt('person')
  const [t, report] = await Promise.all([
    getTranslations('objection.person'),
    getTranslations('report.person'),
  ])
  return (
    <ObjectionFrame step="person" expiresAt={draft.expiresAt}>
      <ActionForm action={holderAction} initial={{ idKind: 'cccd', ...draft.answers }}>
        <StepHeading title={t('title')}>
          <p>{t('lead')}</p>
        </StepHeading>
        <Field name="fullName" label={report('fullName')} hint={report('fullNameHint')} autoComplete="name" />
        <Radios
          name="idKind"
          label={report('idKind')}
          options={[
            { value: 'cccd', label: report('cccd') },
            { value: 'passport', label: report('passport'), hint: report('passportHint') },
          ]}
        />
        <Field
          name="nationalId"
          label={report('nationalId')}
          hint={report('nationalIdHint')}
          look="number"
          width="medium"
        />
        <TextArea name="story" label={t('story')} hint={t('storyHint')} />
        <div className="stack">
          <h2>{report('contactTitle')}</h2>
          <p>{t('contact')}</p>
        </div>
        <Field
          name="contactEmail"
          label={report('contactEmail')}
          hint={report('contactEmailHint')}
          type="email"
          inputMode="email"
          width="medium"
        />
        <Field
          name="contactPhone"
          label={report('contactPhone')}
          hint={t('phoneHint')}
          type="tel"
          inputMode="tel"
          width="medium"
        />
        <StepButtons />
      </ActionForm>
    </ObjectionFrame>
  )
}
