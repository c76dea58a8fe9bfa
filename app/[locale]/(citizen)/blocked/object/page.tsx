import { getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Field } from '#components/form/field.tsx'
import { ImeiTyping } from '#components/form/imei-typing.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { readObjectionDraft } from '#features/disputes/drafts/data.ts'
import { ObjectionFrame } from '#features/disputes/drafts/objection-frame.tsx'
import { citySettings } from '#features/lookup-tables/data.ts'
import { StepButtons, StepHeading } from '#features/reporting/steps/step-parts.tsx'
import { objectionCookie } from '#http/objection.ts'
import type { Access } from '#lib/access/access.ts'
import { formatImei } from '#lib/imei/imei.ts'
import { phoneAction } from './actions.ts'
import { objectionMetadata, objectionRoute } from './step.ts'

export const access = 'anybody' satisfies Access

export const generateMetadata = objectionMetadata('phone')

/** Asks for the phone. The answer reveals no more than the public check. */
export default async function ObjectionPhonePage() {
  const [t, draft] = await Promise.all([
    getTranslations('objection.phone'),
    readObjectionDraft(await objectionCookie(), new Date()),
  ])
  return (
    <ObjectionFrame step="phone" draft={draft} hotline={citySettings().hotline}>
      {draft && draft.missing !== 'phone' ? (
        <Notice tone="info" title={t('goOn')}>
          <p>
            <Link href={objectionRoute(draft.missing)}>{t('goOnLink')}</Link>
          </p>
        </Notice>
      ) : null}
      <ActionForm action={phoneAction} initial={{ imei1: draft ? formatImei(draft.imei) : '' }}>
        <StepHeading title={t('title')}>
          <p>{t('lead')}</p>
          <p>{t.rich('follow', { follow: (words) => <Link href="/blocked/follow">{words}</Link> })}</p>
          {draft === null ? (
            <p>
              {t.rich('resume', { resume: (words) => <Link href="/blocked/object/resume">{words}</Link> })}
            </p>
          ) : null}
        </StepHeading>
        <Field
          name="imei1"
          label={t('imei')}
          hint={t('imeiHint')}
          inputMode="numeric"
          look="number"
          width="medium"
          after={<ImeiTyping name="imei1" />}
        />
        <StepButtons back={false} />
      </ActionForm>
    </ObjectionFrame>
  )
}
