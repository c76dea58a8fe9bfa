import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Field, HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { StepHeading } from '#components/report/step-parts.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { parseCaseNumber } from '#domain/case/number.ts'
import { resumeAction } from '../actions.ts'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('report.resume'))('title') }
}

/** Opens a draft in this browser: its number first, then the code that its contact was sent. */
export default async function ResumePage({
  searchParams,
}: {
  searchParams: Promise<{ readonly number?: string | string[] }>
}) {
  const t = await getTranslations('report.resume')
  const { number: asked } = await searchParams
  const number = parseCaseNumber(typeof asked === 'string' ? asked : '')
  return (
    <div className="stack-l max-w-measure">
      <ActionForm action={resumeAction} key={number.ok ? 'code' : 'number'}>
        <StepHeading title={t('title')}>
          <p>{t('lead')}</p>
        </StepHeading>
        {number.ok ? (
          <>
            <Notice tone="info" title={`${t('sentTitle')}: ${number.value}`}>
              <p>{t('sentText')}</p>
            </Notice>
            <HiddenField name="caseNumber" value={number.value} />
            <Field
              name="contactCode"
              label={t('contactCode')}
              inputMode="numeric"
              autoComplete="one-time-code"
              look="number"
              width="short"
            />
            <p className="actions">
              <SubmitButton>{t('open')}</SubmitButton>
              <ButtonLink href="/report/resume" look="plain">
                {t('otherNumber')}
              </ButtonLink>
            </p>
          </>
        ) : (
          <>
            <Field
              name="caseNumber"
              label={t('caseNumber')}
              hint={t('caseNumberHint')}
              look="number"
              width="medium"
            />
            <p className="actions">
              <SubmitButton>{t('send')}</SubmitButton>
            </p>
          </>
        )}
      </ActionForm>
      <p className="text-soft">
        {t.rich('notHere', { track: (words) => <Link href="/track">{words}</Link> })}
      </p>
    </div>
  )
}
