import { getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Field, HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { EXAMPLE_NUMBER, parseCaseNumber } from '#features/cases/numbers/rules.ts'
import { reachesPhones } from '#http/settings.ts'
import type { Access } from '#lib/access/access.ts'
import { titled } from '#messages/page-title.ts'
import { openCaseStatus, sendCode } from '../actions.ts'

export const access = 'anybody' satisfies Access

export const generateMetadata = titled('case.code', 'metaTitle', { robots: { index: false } })

/**
 * Renders the entrance without the secret: a code to the confirmed contact opens the status. The number is not secret, the code
 * is.
 */
export default async function CodePage({ searchParams }: PageProps<'/[locale]/track/code'>) {
  const query = await searchParams
  const sent = parseCaseNumber(String(query.number ?? ''))
  return sent.ok ? <EnterCode number={sent.value} /> : <AskForCode number={String(query.from ?? '')} />
}

async function AskForCode({ number }: { readonly number: string }) {
  const t = await getTranslations('case')
  return (
    <div className="stack-l max-w-measure">
      <PageHeader title={t('code.title')} lead={t(reachesPhones() ? 'code.lead' : 'code.leadMail')} />
      <ActionForm action={sendCode} initial={{ caseNumber: number }}>
        <Field
          name="caseNumber"
          label={t('find.number')}
          hint={t('find.numberHint', { example: EXAMPLE_NUMBER })}
          look="number"
          width="medium"
        />
        <SubmitButton>{t('code.send')}</SubmitButton>
      </ActionForm>
      <p>
        <Link href="/track">{t('find.open')}</Link>
      </p>
    </div>
  )
}

async function EnterCode({ number }: { readonly number: string }) {
  const t = await getTranslations('case.code')
  return (
    <div className="stack-l max-w-measure">
      <PageHeader title={t('sentTitle')} lead={t('sentLead', { number })} />
      <ActionForm action={openCaseStatus}>
        <HiddenField name="caseNumber" value={number} />
        <Field name="contactCode" label={t('code')} type="code" />
        <SubmitButton>{t('open')}</SubmitButton>
      </ActionForm>
      <ActionForm action={sendCode} scope="again" className="stack">
        <HiddenField name="caseNumber" value={number} />
        <SubmitButton look="plain">{t('again')}</SubmitButton>
      </ActionForm>
      <p>
        <Link href="/track/code">{t('other')}</Link>
      </p>
    </div>
  )
}
