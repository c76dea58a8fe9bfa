import { getLocale, getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { ActionForm } from '#components/form/action-form.tsx'
import { Checkbox } from '#components/form/choices.tsx'
import { FieldError } from '#components/form/field-frame.tsx'
import { FoldedFields } from '#components/form/folded-fields.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Details } from '#components/ui/details.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { SharingFold } from '#features/alerts/consents/sharing.tsx'
import { openReceivers } from '#features/alerts/receivers/data.ts'
import { policeAreas } from '#features/areas/data.ts'
import { maskContact } from '#features/cases/contacts/rules.ts'
import { ListedWhenSent } from '#features/citizens/sign-in-offers.tsx'
import { isRecoveryOn } from '#features/recovery/data.ts'
import { type ConsentField, consentsAsked } from '#features/reporting/steps/consents-rules.ts'
import { needsProof } from '#features/reporting/steps/phone-rules.ts'
import { ReportSummary } from '#features/reporting/steps/report-summary.tsx'
import { type FramedDraft, StepFrame } from '#features/reporting/steps/step-frame.tsx'
import { StepHeading } from '#features/reporting/steps/step-parts.tsx'
import { currentReader } from '#http/identity.ts'
import type { Access } from '#lib/access/access.ts'
import { formatMobile } from '#lib/person/phone-number.ts'
import { formatInstant } from '#messages/dates.ts'
import { reviewAction } from '../actions.ts'
import { changeRoute, draftAt } from '../step.ts'
import { stepMetadata } from '../title.ts'

export const access = 'holder of a draft’s cookie' satisfies Access

export const generateMetadata = stepMetadata('review')

export default async function ReviewPage() {
  const [draft, areas, reader, receivers] = await Promise.all([
    draftAt('review'),
    policeAreas(),
    currentReader(),
    openReceivers(),
  ])
  const [t, wish, locale] = await Promise.all([
    getTranslations('report'),
    getTranslations('recovery.wish'),
    getLocale(),
  ])
  const area = areas.find(({ id }) => id === draft.report.incident?.district) ?? null
  const district = (locale === 'vi' ? area?.nameVi : area?.nameEn) ?? ''
  const agreed = consentsAsked(draft.report.phone).flatMap(({ field }) =>
    field === 'declareTrue' ? [] : [field],
  )
  const phoneNumber = draft.report.phone?.phoneNumbers[0]
  const isReady = draft.evidence > 0 || !needsProof(draft.report.phone)
  const isImeiKnown = draft.report.phone?.imeis.length !== 0
  return (
    <StepFrame step="review" draft={draft} wide>
      <ActionForm
        action={reviewAction}
        initial={{ shareNumber: phoneNumber === undefined ? '' : formatMobile(phoneNumber) }}
      >
        <div>
          <StepHeading title={t('review.title')} />
          <div id="imei1" tabIndex={-1} className="field">
            <FieldError name="imei1" />
          </div>
        </div>
        <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-x-12 gap-y-9 lg:grid-cols-[minmax(0,1fr)_25rem]">
          <div className="stack">
            <ReportSummary draft={draft} area={area} change={changeRoute} />
            <div id="evidence" tabIndex={-1} className="field stack">
              <FieldError name="evidence" />
              {isReady ? null : <MissingEvidence draft={draft} />}
            </div>
          </div>
          <div className="stack-l">
            {isReady ? (
              <>
                <Agreement
                  title={t('review.agreeTitle')}
                  boxes={agreed.map((field) => ({ field, words: t(`review.${field}`) }))}
                >
                  <Details summary={t('review.agreeMore')}>
                    {agreed.map((field) => (
                      <p key={field}>{t(`review.${field}Hint`)}</p>
                    ))}
                  </Details>
                </Agreement>
                <Agreement
                  title={t('review.declareTitle')}
                  boxes={[{ field: 'declareTrue', words: t('review.declareTrue') }]}
                />
              </>
            ) : null}
            {isReady ? <SharingFold choices={receivers} /> : null}
            {isReady && !draft.filedAtDesk && isRecoveryOn() ? (
              <FoldedFields summary={wish('title')} names={['watchFirst']} stored>
                <p className="text-sm">{wish('text')}</p>
                <Checkbox name="watchFirst" label={wish('label')} />
              </FoldedFields>
            ) : null}
            {reader?.signedIn && !draft.filedAtDesk ? <ListedWhenSent name={reader.name} /> : null}
            <p className="actions">
              {isReady ? (
                <SubmitButton name="step" value="send">
                  {t('review.send')}
                </SubmitButton>
              ) : (
                <SubmitButton name="step" value="save">
                  {t('review.save')}
                </SubmitButton>
              )}
              <SubmitButton name="step" value="back" look="quiet">
                {t('back')}
              </SubmitButton>
            </p>
            {isReady ? (
              <ul className="text-sm text-soft">
                <li>{t('review.afterAction', { district })}</li>
                <li>
                  {isImeiKnown
                    ? t('review.afterDecision')
                    : draft.report.phone?.lookup
                      ? t('review.afterLookup')
                      : t.rich('review.afterNoLookup', {
                          change: (words) => <Link href={changeRoute('phone')}>{words}</Link>,
                        })}
                </li>
                <li>{t('review.afterBlock')}</li>
              </ul>
            ) : null}
          </div>
        </div>
      </ActionForm>
    </StepFrame>
  )
}

function Agreement({
  title,
  boxes,
  children,
}: {
  readonly title: string
  readonly boxes: readonly { readonly field: ConsentField; readonly words: string }[]
  readonly children?: ReactNode
}) {
  return (
    <fieldset className="stack">
      <legend className="mb-2 text-lg font-semibold">{title}</legend>
      {boxes.map(({ field, words }) => (
        <Checkbox key={field} name={field} label={words} />
      ))}
      {children}
    </fieldset>
  )
}

async function MissingEvidence({ draft }: { readonly draft: FramedDraft }) {
  const [t, locale] = await Promise.all([getTranslations('report.review'), getLocale()])
  return (
    <Notice title={t('noEvidenceTitle')}>
      <p>
        {t('noEvidence', {
          until: formatInstant(locale, draft.expiresAt, 'moment'),
          contact: draft.resumeWith === null ? '' : maskContact(draft.resumeWith),
        })}
      </p>
      <p>
        <Link href={{ pathname: '/report/evidence', query: { from: 'review' } }}>{t('addEvidence')}</Link>
      </p>
    </Notice>
  )
}
