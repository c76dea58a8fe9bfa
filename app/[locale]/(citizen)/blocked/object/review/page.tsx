import { getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Checkbox } from '#components/form/choices.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Link } from '#components/ui/link.tsx'
import { Imei } from '#components/ui/num.tsx'
import { SummaryList } from '#components/ui/summary-list.tsx'
import { writeContact } from '#features/cases/contacts/rules.ts'
import { ObjectionFrame } from '#features/disputes/drafts/objection-frame.tsx'
import { HOLDER_CONSENTS } from '#features/disputes/drafts/rules.ts'
import { getObjectionDays } from '#features/disputes/objections/data.ts'
import { citySettings } from '#features/lookup-tables/data.ts'
import { StepHeading } from '#features/reporting/steps/step-parts.tsx'
import type { Access } from '#lib/access/access.ts'
import { sendAction } from '../actions.ts'
import { objectionDraftAt, objectionMetadata } from '../step.ts'

export const access = 'holder of the cookie of an objection’s draft' satisfies Access

export const generateMetadata = objectionMetadata('review')

export default async function ObjectionReviewPage() {
  const draft = await objectionDraftAt('review')
  const [t, report] = await Promise.all([getTranslations('objection.review'), getTranslations('report')])
  const { holder, evidence, inspection, imei } = draft
  const days = getObjectionDays()
  const shown = [
    report('review.files', { count: evidence.length }),
    ...(inspection ? [t('inspection')] : []),
  ].join('; ')
  const change = (href: '/blocked/object/proof' | '/blocked/object/person') => (
    <Link href={href}>{t('change')}</Link>
  )
  return (
    <ObjectionFrame step="review" draft={draft} hotline={citySettings().hotline}>
      <ActionForm action={sendAction}>
        <StepHeading title={t('title')}>
          <p>{t('lead')}</p>
        </StepHeading>
        <Card>
          <SummaryList
            rows={[
              { key: 'imei', term: t('imei'), value: <Imei value={imei} /> },
              {
                key: 'proof',
                term: t('proof'),
                value: (
                  <>
                    {shown}. {change('/blocked/object/proof')}
                  </>
                ),
              },
              {
                key: 'person',
                term: report('review.fullName'),
                value: (
                  <>
                    {holder?.fullName}. {change('/blocked/object/person')}
                  </>
                ),
              },
              {
                key: 'contact',
                term: report('review.contact'),
                value: holder ? writeContact(holder.contact) : '',
              },
              { key: 'story', term: t('story'), value: holder?.story ?? '' },
            ]}
          />
        </Card>
        <div className="stack prose">
          <h2>{t('afterTitle')}</h2>
          <ol>
            <li>{t('afterTold', { days: days.hearing })}</li>
            <li>{t('afterDecided', { days: days.decision })}</li>
            <li>{t('afterLifted')}</li>
          </ol>
        </div>
        <div className="stack">
          <h2>{report('review.consentTitle')}</h2>
          {HOLDER_CONSENTS.map(({ field }) => (
            <Checkbox key={field} name={field} label={t(field)} hint={t(`${field}Hint`)} />
          ))}
        </div>
        <p className="actions">
          <SubmitButton name="step" value="send">
            {t('send')}
          </SubmitButton>
          <SubmitButton name="step" value="back" look="quiet">
            {report('back')}
          </SubmitButton>
        </p>
      </ActionForm>
    </ObjectionFrame>
  )
}
