import { getTranslations } from 'next-intl/server'
import { ActionForm, type ActionFormProps } from '#components/form/action-form.tsx'
import { Field, HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { objectionNumbers } from '#features/disputes/objections/rules.ts'
import { StepHeading } from '#features/reporting/steps/step-parts.tsx'
import type { Access } from '#lib/access/access.ts'
import { titled } from '#messages/page-title.ts'
import { resumeObjectionAction } from '../actions.ts'

export const access = 'anybody' satisfies Access

export const generateMetadata = titled('objection.resume', 'title')

/** Opens an objection's draft in this browser: asks for its number, then for the code sent to its contact. */
export default async function ResumeObjectionPage({
  searchParams,
}: PageProps<'/[locale]/blocked/object/resume'>) {
  const t = await getTranslations('objection.resume')
  const { number: asked } = await searchParams
  const number = objectionNumbers.parse(typeof asked === 'string' ? asked : '')
  return (
    <div className="stack-l max-w-measure">
      <ResumeForm
        action={resumeObjectionAction}
        number={number.ok ? number.value : null}
        title={t('title')}
        numberHint={t('numberHint')}
        page="/blocked/object/resume"
      />
      <p className="text-soft">
        {t.rich('lost', { contact: (words) => <Link href="/blocked/follow/contact">{words}</Link> })}
      </p>
      <p className="text-soft">
        {t.rich('notHere', { follow: (words) => <Link href="/blocked/follow">{words}</Link> })}
      </p>
    </div>
  )
}

interface ResumeFormProps {
  readonly action: ActionFormProps['action']
  /** The number that a code was sent for; null while the form still asks for it. */
  readonly number: string | null
  readonly title: string
  readonly numberHint: string
  readonly page: '/blocked/object/resume'
}

async function ResumeForm({ action, number, title, numberHint, page }: ResumeFormProps) {
  const t = await getTranslations('objection.resume')
  return (
    <ActionForm action={action} key={number === null ? 'number' : 'code'}>
      <StepHeading title={title}>
        <p>{t('lead')}</p>
      </StepHeading>
      {number === null ? (
        <>
          <Field name="caseNumber" label={t('caseNumber')} hint={numberHint} look="number" width="medium" />
          <p className="actions">
            <SubmitButton>{t('send')}</SubmitButton>
          </p>
        </>
      ) : (
        <>
          <Notice tone="info" title={`${t('sentTitle')}: ${number}`}>
            <p>{t('sentText')}</p>
          </Notice>
          <HiddenField name="caseNumber" value={number} />
          <Field name="contactCode" label={t('contactCode')} type="code" />
          <p className="actions">
            <SubmitButton>{t('open')}</SubmitButton>
            <ButtonLink href={page} look="plain">
              {t('otherNumber')}
            </ButtonLink>
          </p>
        </>
      )}
    </ActionForm>
  )
}
