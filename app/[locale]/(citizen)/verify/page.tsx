import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Field } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { StatedBreaks } from '#features/audit/components/stated-breaks.tsx'
import { shownBreaks } from '#features/audit/queries/breaks.ts'
import { VerifyResult } from '#features/ratings/components/verify-result.tsx'
import { surveyContact } from '#features/ratings/queries/exclusions.ts'
import { EXCLUSION_REASONS } from '#features/ratings/rules/exclusion.ts'
import { Counted, Excluded, Unknown } from '#features/results/components/standings.tsx'
import type { Access } from '#lib/access/access.ts'
import { verifyAction } from './actions.ts'
import { ProofForm } from './proof-form.tsx'
import { ReportForm } from './report-form.tsx'

export const access = 'anybody' satisfies Access

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('survey-integrity.verify')
  return { title: t('page') }
}

interface Props {
  readonly searchParams: Promise<
    Readonly<Record<'receipt' | 'proof' | 'report', string | string[] | undefined>>
  >
}

const brought = (value: string | string[] | undefined): string =>
  typeof value === 'string' ? value.slice(0, 100) : ''

/** Shows what a receipt says. A printed one's QR code brings its number or code along; it is looked up when it is sent. */
export default async function VerifyPage({ searchParams }: Props) {
  const [t, { receipt, proof, report }, breaks] = await Promise.all([
    getTranslations('survey-integrity.verify'),
    searchParams,
    shownBreaks(),
  ])
  const other = proof !== undefined || report !== undefined
  const receipts = <ReceiptForm number={brought(receipt)} first={!other} />
  const proofs = <ProofForm code={brought(proof)} open={proof !== undefined} />
  const reports = <ReportForm typed={typeof report === 'string' ? brought(report) : null} />
  return (
    <div className="stack-l max-w-measure">
      <PageHeader title={t('page')} lead={t('pageLead')} />
      {report === undefined ? null : reports}
      {proof === undefined ? null : proofs}
      {receipts}
      {proof !== undefined && report !== undefined ? null : (
        <section className="stack" aria-labelledby="others">
          <h2 id="others">{t('others')}</h2>
          <div className="folds">
            {proof === undefined ? proofs : null}
            {report === undefined ? reports : null}
          </div>
        </section>
      )}
      <StatedBreaks breaks={breaks} />
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

/** Asks for a receipt's number, and tells whether the answer that it stands for is counted. */
async function ReceiptForm({ number, first }: { readonly number: string; readonly first: boolean }) {
  const t = await getTranslations('survey-integrity.verify')
  return (
    <section className="stack" aria-labelledby="receipt-title">
      <h2 id="receipt-title">{t('title')}</h2>
      <p>{t('lead')}</p>
      <ActionForm action={verifyAction} initial={{ receipt: number }} className="stack">
        <VerifyResult
          counted={<Counted />}
          excluded={Object.fromEntries(
            EXCLUSION_REASONS.map((reason) => [
              reason,
              <Excluded key={reason} reason={reason} contact={surveyContact()} />,
            ]),
          )}
          unknown={<Unknown />}
        />
        <Field name="receipt" label={t('field')} hint={t('hint')} look="number" width="medium" />
        <p className="actions pt-1">
          <SubmitButton look={first ? 'primary' : 'quiet'}>{t('submit')}</SubmitButton>
        </p>
      </ActionForm>
    </section>
  )
}
