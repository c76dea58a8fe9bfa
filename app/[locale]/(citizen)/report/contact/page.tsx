import { getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Checkbox } from '#components/form/choices.tsx'
import { Link } from '#components/ui/link.tsx'
import { retention } from '#features/privacy/data.ts'
import { ContactFields } from '#features/reporting/steps/contact-fields.tsx'
import { MendStep } from '#features/reporting/steps/mend-step.tsx'
import { StepFrame } from '#features/reporting/steps/step-frame.tsx'
import { StepButtons, StepHeading } from '#features/reporting/steps/step-parts.tsx'
import { WhenFault } from '#features/reporting/steps/when-fault.tsx'
import { wordsFor } from '#http/action.ts'
import { reachesPhones } from '#http/settings.ts'
import type { Access } from '#lib/access/access.ts'
import { contactAction } from '../actions.ts'
import { cameFrom, draftAt, type StepSearch } from '../step.ts'
import { stepMetadata } from '../title.ts'

export const access = 'holder of a draft’s cookie' satisfies Access

export const generateMetadata = stepMetadata('contact')

/** Asks for the person's contact before all longer steps. Saving it sends the code. */
export default async function ContactPage({ searchParams }: { searchParams: StepSearch }) {
  const draft = await draftAt('contact')
  const [t, from, errors, words] = await Promise.all([
    getTranslations('report.contact'),
    cameFrom(searchParams),
    wordsFor(draft.faults.contact),
    wordsFor({ contactPhone: 'report.contactPhone.lost_phone' }),
  ])
  const phones = reachesPhones()
  const reissued = <Checkbox name="simReissued" label={t('simReissued')} hint={t('simReissuedHint')} />
  return (
    <StepFrame step="contact" draft={draft}>
      <ActionForm action={contactAction} initial={{ ...draft.answers }} errors={errors}>
        <StepHeading title={t('title')}>
          <p>{t(phones ? 'lead' : 'leadMail')}</p>
        </StepHeading>
        <MendStep step="contact" />
        <ContactFields phoneHint={t('contactPhoneHint')} phones={phones} />
        {!phones ? null : draft.answers.simReissued === 'on' ? (
          reissued
        ) : (
          <WhenFault field="contactPhone" words={words.contactPhone}>
            {reissued}
            {draft.sameNumber ? (
              <p>
                {t.rich('changeNumber', { change: (words) => <Link href="/report/phone">{words}</Link> })}
              </p>
            ) : null}
          </WhenFault>
        )}
        {draft.filedAtDesk ? (
          <Checkbox name="noContact" label={t('noContact')} hint={t('noContactHint')} />
        ) : (
          <Checkbox
            name="ownDevice"
            label={t('ownDevice')}
            hint={t('ownDeviceHint', { days: retention().draftDays })}
          />
        )}
        <StepButtons from={from} />
      </ActionForm>
    </StepFrame>
  )
}
