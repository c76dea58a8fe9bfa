import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { submissionInLog } from '#features/audit/queries/proofs.ts'
import { decisionDue, firstActionDue } from '#features/cases/rules/clocks.ts'
import { secretPath } from '#features/cases/rules/link.ts'
import { parseCaseNumber } from '#features/cases/rules/number.ts'
import { ReceiptOffer } from '#features/citizens/components/receipt-offer.tsx'
import { holidays } from '#features/lookup-tables/queries.ts'
import { CrimeReport, LeaveDevice, NextSteps } from '#features/reporting/components/after-sending.tsx'
import { DeskDone } from '#features/reporting/components/desk-done.tsx'
import { ReceiptToKeep, ReceiptToShow } from '#features/reporting/components/receipt-codes.tsx'
import { ReceiptProof } from '#features/reporting/components/receipt-proof.tsx'
import { type Receipt, receiptListing, receiptOf } from '#features/reporting/queries.ts'
import { receiptCookies } from '#http/draft.ts'
import { currentCitizen, signInName } from '#http/identity.ts'
import { absoluteUrl } from '#http/public-url.ts'
import { formatInstant } from '#messages/dates.ts'
import { missingPath, pathFor } from '#messages/paths.ts'
import { addAction } from '../../../track/mine/actions.ts'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('report.receipt')
  return { title: t('title'), robots: { index: false } }
}

/** Renders the receipt, for the browser that sent the report and for 24 hours; to everybody else there is no such page. */
export default async function ReceiptPage({ params }: { params: Promise<{ number: string }> }) {
  const [locale, t, sent] = await Promise.all([getLocale(), getTranslations('report.receipt'), headers()])
  const number = parseCaseNumber(decodeURIComponent((await params).number))
  const receipt = number.ok ? await receiptOf(number.value, await receiptCookies(), new Date()) : null
  if (receipt === null) redirect(missingPath(locale))
  const proof = await submissionInLog(receipt.id)
  const clocks = {
    firstAction: firstActionDue(receipt.submittedAt),
    decision: decisionDue(receipt.submittedAt, await holidays()),
  }
  const district = locale === 'vi' ? receipt.unit.nameVi : receipt.unit.nameEn
  return (
    <div className="stack-l">
      <PageHeader
        title={t('title')}
        lead={t('lead', { at: formatInstant(locale, receipt.submittedAt, 'moment') })}
      />
      <div className="grid grid-cols-[minmax(0,1fr)] gap-x-12 gap-y-9 print:flex print:flex-col print:gap-6 lg:grid-cols-[minmax(0,1fr)_21rem] lg:grid-rows-[auto_auto_1fr]">
        <ReceiptToShow
          number={receipt.number}
          imeis={receipt.imeis.map(({ imei }) => imei)}
          submittedAt={receipt.submittedAt}
          district={district}
          atDesk={receipt.filedById !== null}
        />
        <ReceiptToKeep
          number={receipt.number}
          secret={receipt.secret}
          link={absoluteUrl(secretPath(receipt.number, receipt.secret), sent)}
        />
        <div className="lg:col-start-2 lg:row-span-3 lg:row-start-1">
          <NextSteps
            district={district}
            contact={receipt.contact}
            clocks={clocks}
            counterclaim={receipt.counterclaim !== null}
          />
        </div>
        <div className="stack-l">
          <CrimeReport lost={receipt.incidentType === 'lost'} />
          {proof === null ? null : <ReceiptProof number={receipt.number} {...proof} />}
          {receipt.filedById === null ? <Offer receipt={receipt} /> : null}
          {receipt.filedById === null ? (
            <LeaveDevice until={receipt.receiptUntil} />
          ) : (
            <DeskDone hint={t('clearDesk')} />
          )}
        </div>
      </div>
    </div>
  )
}

/** Offers to put the case in its person's list; nothing where citizens cannot sign in. */
async function Offer({ receipt }: { readonly receipt: Receipt }) {
  const name = signInName()
  if (name === null) return null
  const [citizen, t, locale] = await Promise.all([
    currentCitizen(),
    getTranslations('identity.in'),
    getLocale(),
  ])
  const listing = await receiptListing(receipt, citizen?.scope ?? null)
  const addable = citizen === null ? 'signed_out' : 'addable'
  const { number, secret } = receipt
  return (
    <ReceiptOffer
      name={name}
      to={pathFor(locale, { pathname: '/report/receipt/[number]', params: { number } })}
      stand={listing === null ? addable : listing.own ? 'own' : 'taken'}
      add={
        <ActionForm action={addAction} className="stack">
          <HiddenField name="caseNumber" value={number} />
          <HiddenField name="caseSecret" value={secret} />
          <p className="actions">
            <SubmitButton look="quiet">{t('add')}</SubmitButton>
          </p>
        </ActionForm>
      }
    />
  )
}
