import { getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { TextArea } from '#components/form/field.tsx'
import { ObjectionFrame } from '#features/disputes/drafts/objection-frame.tsx'
import { citySettings } from '#features/lookup-tables/data.ts'
import { ContactFields } from '#features/reporting/steps/contact-fields.tsx'
import { IdentityFields } from '#features/reporting/steps/person-fields.tsx'
import { StepButtons, StepHeading } from '#features/reporting/steps/step-parts.tsx'
import { wordsFor } from '#http/action.ts'
import { reachesPhones } from '#http/settings.ts'
import type { Access } from '#lib/access/access.ts'
import { holderAction } from '../actions.ts'
import { objectionDraftAt, objectionMetadata } from '../step.ts'

export const access = 'holder of the cookie of an objection’s draft' satisfies Access

export const generateMetadata = objectionMetadata('person')

/** Asks who holds the phone, how they got it, and for a contact: the blocked phone receives no messages. */
export default async function ObjectionPersonPage() {
  const draft = await objectionDraftAt('person')
  const [t, contact, errors] = await Promise.all([
    getTranslations('objection.person'),
    getTranslations('report.contact'),
    wordsFor(draft.faults),
  ])
  return (
    <ObjectionFrame step="person" draft={draft} hotline={citySettings().hotline}>
      <ActionForm action={holderAction} initial={{ idKind: 'cccd', ...draft.answers }} errors={errors}>
        <StepHeading title={t('title')}>
          <p>{t('lead')}</p>
        </StepHeading>
        <IdentityFields />
        <TextArea name="story" label={t('story')} hint={t('storyHint')} />
        <div className="stack">
          <h2>{contact('title')}</h2>
          <p>{t(reachesPhones() ? 'contact' : 'contactMail')}</p>
        </div>
        <ContactFields phoneHint={t('phoneHint')} phones={reachesPhones()} />
        <StepButtons />
      </ActionForm>
    </ObjectionFrame>
  )
}
