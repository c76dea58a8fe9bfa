import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Field } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Counted, Excluded, Unknown } from '#components/survey/standings.tsx'
import { VerifyResult } from '#components/survey/verify-result.tsx'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { EXCLUSION_REASONS } from '#domain/survey/exclusion.ts'
import { verifyAction } from './actions.ts'
import { ProofForm } from './proof-form.tsx'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('survey-integrity.verify')
  return { title: t('title') }
}

interface Props {
  readonly searchParams: Promise<{ readonly receipt?: string | string[] }>
}

/** What a receipt says. A printed receipt's QR code brings its number along; it is looked up when it is sent. */
export default async function VerifyPage({ searchParams }: Props) {
  const [t, { receipt }] = await Promise.all([getTranslations('survey-integrity.verify'), searchParams])
  const number = typeof receipt === 'string' ? receipt.slice(0, 100) : ''
  return (
    <div className="stack-l max-w-measure">
      <PageHeader title={t('title')} lead={t('lead')} />
      <ActionForm action={verifyAction} initial={{ receipt: number }} className="stack">
        <VerifyResult
          counted={<Counted />}
          excluded={Object.fromEntries(
            EXCLUSION_REASONS.map((reason) => [reason, <Excluded key={reason} reason={reason} />]),
          )}
          unknown={<Unknown />}
        />
        <Field name="receipt" label={t('field')} hint={t('hint')} look="number" width="medium" />
        <p className="actions pt-1">
          <SubmitButton>{t('submit')}</SubmitButton>
        </p>
      </ActionForm>
      <ProofForm />
      <ul className="prose">
        <li>
          <Link href="/ledger">{t('ledger')}</Link>
        </li>
        <li>
          <Link href="/results">{t('results')}</Link>
        </li>
      </ul>
    </div>
  )
}
