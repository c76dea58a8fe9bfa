import { headers } from 'next/headers'
import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { CopyButton } from '#components/ui/copy-button.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { unitContact } from '#features/areas/data.ts'
import { UnitLines } from '#features/areas/unit-lines.tsx'
import type { ProofCode } from '#features/audit/proofs/code-rules.ts'
import { readSubmission } from '#features/audit/proofs/data.ts'
import { decisionDue, firstActionDue } from '#features/cases/clocks/rules.ts'
import { type CaseNumber, parseCaseNumber } from '#features/cases/numbers/rules.ts'
import { secretPath } from '#features/cases/unlock/rules.ts'
import { ReceiptOffer } from '#features/citizens/sign-in-offers.tsx'
import { bankHotlines, citySettings, holidays } from '#features/lookup-tables/data.ts'
import { type Receipt, receiptListing, receiptOf } from '#features/reporting/drafts/page-data.ts'
import { CrimeReport, LeaveDevice, NextSteps } from '#features/reporting/receipt/after-sending.tsx'
import { DeskDone } from '#features/reporting/receipt/desk-done.tsx'
import { ReceiptFolds } from '#features/reporting/receipt/receipt-folds.tsx'
import { ReceiptOnPaper } from '#features/reporting/receipt/receipt-on-paper.tsx'
import { ReceiptSlip } from '#features/reporting/receipt/receipt-slip.tsx'
import { receiptCookies } from '#http/draft.ts'
import { currentCitizen, signInName } from '#http/identity.ts'
import { notFoundPage } from '#http/not-found-page.ts'
import { absoluteUrl } from '#http/public-url.ts'
import type { Access } from '#lib/access/access.ts'
import { formatInstant } from '#messages/dates.ts'
import { titled } from '#messages/page-title.ts'
import { pathFor } from '#messages/paths.ts'
import { addAction } from '../../../track/mine/actions.ts'
import { anotherPhoneAction } from '../../actions.ts'

export const access = 'holder of a receipt’s cookie' satisfies Access

export const generateMetadata = titled('report.receipt', 'title', { robots: { index: false } })

/**
 * Renders the receipt for 24 hours, in the browser that sent the report only. Any other browser gets the same text for every
 * number: why the receipt may be gone, for people who go back after clearing the device.
 */
export default async function ReceiptPage({ params }: PageProps<'/[locale]/report/receipt/[number]'>) {
  const [locale, t, sent] = await Promise.all([getLocale(), getTranslations('report.receipt'), headers()])
  const number = parseCaseNumber(decodeURIComponent((await params).number))
  const receipt = number.ok ? await receiptOf(number.value, await receiptCookies(), new Date()) : null
  if (!number.ok) notFoundPage(locale)
  if (receipt === null) return <ReceiptClosed />
  const [proof, days, banks, words] = await Promise.all([
    readSubmission(receipt.id),
    holidays(),
    bankHotlines(),
    getTranslations('common.unit'),
  ])
  const clocks = {
    firstAction: firstActionDue(receipt.submittedAt),
    decision: decisionDue(receipt.submittedAt, days),
  }
  const settings = citySettings()
  const district = locale === 'vi' ? receipt.unit.nameVi : receipt.unit.nameEn
  const unit = {
    // No line break between “Quận” and its number.
    name: words('police', { area: district.replace(/ (?=\d+$)/, '\u00a0') }),
    ...(await unitContact(receipt.unit.id, locale)),
  }
  const link = absoluteUrl(secretPath(receipt.number, receipt.secret), sent)
  const { number: caseNumber, secret } = receipt
  const next = (
    <NextSteps
      district={district}
      contact={receipt.contact}
      clocks={clocks}
      imeiUnknown={receipt.imeis.length === 0}
    />
  )
  const crime = <CrimeReport lost={receipt.incidentType === 'lost'} />
  return (
    <>
      <div className="task-page print-hidden grid grid-cols-[minmax(0,1fr)] gap-x-16 gap-y-9 lg:grid-cols-[minmax(0,36rem)_minmax(0,1fr)]">
        <div className="stack">
          <header>
            <p className="mb-1 flex items-center gap-1.5 text-sm font-semibold text-green-deep">
              <Icon name="check" />
              {t('sent', { at: formatInstant(locale, receipt.submittedAt, 'moment') })}
            </p>
            <h1>{t('title')}</h1>
          </header>
          <ReceiptSlip
            of="case"
            number={caseNumber}
            secret={secret}
            labels={{ number: t('number'), secret: t('secretFor') }}
          />
          {receipt.filedById === null ? <LeaveDevice /> : <DeskDone hint={t('clearDesk')} />}
          <p className="text-sm text-soft">
            {t.rich(receipt.filedById === null ? 'own' : 'desk', {
              open: (chunks) => (
                <a href={link} rel="nofollow">
                  {chunks}
                </a>
              ),
              print: (chunks) => <a href="#print">{chunks}</a>,
            })}
          </p>
        </div>
        <div className="stack">
          <Card>
            <h2 className="text-lg md:text-xl">{t('unit', { unit: unit.name })}</h2>
            <UnitLines unit={unit} hotline={settings.hotline} />
            <p className="text-sm text-soft">{t('reach')}</p>
          </Card>
          <ReceiptFolds
            number={caseNumber}
            contact={receipt.contact}
            secret={secret}
            link={link}
            until={receipt.receiptUntil}
            banks={banks}
            subscriberBasis={settings.subscriberBasis}
            next={next}
            crime={crime}
            proof={proof === null ? null : <ReceiptProof number={caseNumber} {...proof} />}
            offer={receipt.filedById === null ? <Offer receipt={receipt} /> : null}
            another={
              <ActionForm action={anotherPhoneAction} scope="another" className="stack">
                <HiddenField name="caseNumber" value={caseNumber} />
                <p>{t('anotherText')}</p>
                <p>
                  <SubmitButton look="quiet">{t('another')}</SubmitButton>
                </p>
              </ActionForm>
            }
          />
        </div>
      </div>
      <ReceiptOnPaper
        number={caseNumber}
        secret={secret}
        link={link}
        imeis={receipt.imeis.map(({ imei }) => imei)}
        submittedAt={receipt.submittedAt}
        district={district}
        atDesk={receipt.filedById !== null}
      >
        <section className="stack">
          <h2>{t('nextTitle')}</h2>
          {next}
        </section>
        <section className="stack">
          <h2>{t('crimeTitle')}</h2>
          {crime}
        </section>
      </ReceiptOnPaper>
    </>
  )
}

/** Offers to add the case to the person's list; nothing where citizens cannot sign in. */
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

/** Says that this browser has no such receipt (any more), and how the person can reach the case. It knows of no case. */
async function ReceiptClosed() {
  const t = await getTranslations('report.receipt.closed')
  return (
    <div className="stack-l" data-receipt-closed>
      <PageHeader title={t('title')} lead={t('text')} />
      <p className="actions">
        <ButtonLink href="/track" look="quiet">
          {t('open')}
        </ButtonLink>
        <ButtonLink href="/track/find" look="plain">
          {t('find')}
        </ButtonLink>
      </p>
    </div>
  )
}

/** Shows the proof, which anybody can check, that the case was entered and has not been removed since. */
async function ReceiptProof({
  number,
  code,
  sealed,
}: {
  readonly number: CaseNumber
  readonly code: ProofCode
  /** True once the sealed log covers the report: then the code proves it, and there is a file to keep. */
  readonly sealed: boolean
}) {
  const [t, words] = await Promise.all([getTranslations('report.proof'), getTranslations('common')])
  return (
    <section className="stack" data-proof-sealed={sealed}>
      <p>{t('text')}</p>
      <p className="flex flex-wrap items-center gap-2 font-semibold">
        <span className="num whitespace-normal" data-proof-code={code}>
          {code}
        </span>
        <CopyButton value={code} label={words('copy')} done={words('copied')} />
      </p>
      <p className="text-sm text-soft">{t(sealed ? 'sealed' : 'waits')}</p>
      <p className="actions print-hidden">
        <Link className="button" data-look="quiet" href={{ pathname: '/verify', query: { proof: code } }}>
          {t('check')}
        </Link>
        {sealed ? (
          <a className="button" data-look="plain" href={`/api/receipt/${number}/proof`} download>
            <Icon name="download" />
            {t('file')}
          </a>
        ) : null}
        {sealed ? (
          <a href={`/api/receipt/${number}/proof?form=tlog-proof`} download>
            {t('fileOther')}
          </a>
        ) : null}
      </p>
    </section>
  )
}
