import { getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Checkbox } from '#components/form/choices.tsx'
import { Field } from '#components/form/field.tsx'
import { FoldedFields } from '#components/form/folded-fields.tsx'
import { ImeiTyping } from '#components/form/imei-typing.tsx'
import { Details } from '#components/ui/details.tsx'
import { Link } from '#components/ui/link.tsx'
import { TextFields } from '#features/reporting/fields/text-fields.tsx'
import { ImeiPhoto } from '#features/reporting/photo/imei-photo.tsx'
import { ImeiHelp } from '#features/reporting/steps/imei-help.tsx'
import { KnownDeviceNote } from '#features/reporting/steps/known-device.tsx'
import { MendStep } from '#features/reporting/steps/mend-step.tsx'
import { StepFrame } from '#features/reporting/steps/step-frame.tsx'
import { StepButtons, StepHeading } from '#features/reporting/steps/step-parts.tsx'
import { WhenFault } from '#features/reporting/steps/when-fault.tsx'
import { wordsFor } from '#http/action.ts'
import type { Access } from '#lib/access/access.ts'
import { phoneAction } from '../actions.ts'
import { cameFrom, changeRoute, draftAt, type StepSearch } from '../step.ts'
import { stepMetadata } from '../title.ts'

export const access = 'holder of a draft’s cookie' satisfies Access

export const generateMetadata = stepMetadata('phone')

/**
 * Asks for the phone, by its IMEI or by the SIM that was in it. The case page asks for more details later; at the desk they are
 * asked here.
 */
export default async function PhonePage({ searchParams }: { searchParams: StepSearch }) {
  const draft = await draftAt('phone')
  const [t, review, from, errors, words] = await Promise.all([
    getTranslations('report.phone'),
    getTranslations('report.review'),
    cameFrom(searchParams),
    wordsFor(draft.faults.phone),
    wordsFor({ phoneNumber1: 'report.mobile.is_contact' }),
  ])
  const imei = { inputMode: 'numeric', look: 'number', width: 'medium' } as const
  const reissued = <Checkbox name="simReissued" label={t('simReissued')} />
  const number = { type: 'tel', inputMode: 'tel', width: 'medium' } as const
  const simNumber = (
    <>
      <Field name="phoneNumber1" label={t('phoneNumber1')} {...number} autoComplete="tel" />
      {draft.answers.simReissued === 'on' ? (
        reissued
      ) : (
        <WhenFault field="phoneNumber1" words={words.phoneNumber1}>
          {reissued}
          <p>
            {t.rich('changeContact', {
              change: (words) => <Link href={changeRoute('contact')}>{words}</Link>,
            })}
          </p>
        </WhenFault>
      )}
    </>
  )
  return (
    <StepFrame step="phone" draft={draft} aside={<ImeiHelp />}>
      <ActionForm action={phoneAction} initial={{ ...draft.answers }} errors={errors}>
        <StepHeading title={t('title')}>
          <p>{t('lead')}</p>
        </StepHeading>
        <MendStep step="phone" />
        <ImeiPhoto />
        <Field
          name="imei1"
          label={t('imei1')}
          {...imei}
          after={
            <>
              <ImeiTyping name="imei1" />
              <KnownDeviceNote device={draft.device} typed={draft.report.phone} />
            </>
          }
        />
        <FoldedFields summary={t('more')} names={['imei2', 'imei3', 'imei4']}>
          <Field name="imei2" label={t('imei2')} {...imei} after={<ImeiTyping name="imei2" />} optional />
          <Field name="imei3" label={t('imei3')} {...imei} after={<ImeiTyping name="imei3" />} optional />
          <Field name="imei4" label={t('imei4')} {...imei} after={<ImeiTyping name="imei4" />} optional />
        </FoldedFields>
        <Checkbox name="imeiUnknown" label={t('imeiUnknown')} />
        <div className="sim-number">
          {draft.filedAtDesk ? (
            simNumber
          ) : (
            <FoldedFields summary={t('simNumber')} names={['phoneNumber1']}>
              {simNumber}
            </FoldedFields>
          )}
        </div>
        <div className="when-unknown stack">
          <Checkbox name="consentCarrierLookup" label={review('consentCarrierLookup')} />
          <Details summary={t('lookupMore')}>
            <p>{review('consentCarrierLookupHint')}</p>
          </Details>
        </div>
        {draft.filedAtDesk ? (
          <>
            <Field name="phoneNumber2" label={t('phoneNumber2')} {...number} optional />
            <TextFields step="phone" />
          </>
        ) : null}
        <StepButtons from={from} />
      </ActionForm>
    </StepFrame>
  )
}
