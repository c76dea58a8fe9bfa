import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Field, TextArea } from '#components/form/field.tsx'
import { FoldedForm } from '#components/form/folded-form.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Button } from '#components/ui/button.tsx'
import { Details } from '#components/ui/details.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { ProofFile, ProofResult } from '#features/audit/proofs/proof-check.tsx'
import { listShownBreaks } from '#features/audit/sealing/data.ts'
import { StatedBreaks } from '#features/audit/sealing/stated-breaks.tsx'
import { ReportStanding } from '#features/city-report/open-reports.tsx'
import { findReportsByHash } from '#features/city-report/page-data.ts'
import { periodTitle } from '#features/city-report/period-rules.ts'
import { MessageResult } from '#features/notices/message-codes/message-result.tsx'
import { readSurveyContact } from '#features/ratings/integrity/data.ts'
import { EXCLUSION_REASONS } from '#features/ratings/integrity/rules.ts'
import { VerifyResult } from '#features/ratings/rating/verify-result.tsx'
import { checkSurrender, isRecoveryOn } from '#features/recovery/data.ts'
import { CountedNotice, Excluded, Unknown } from '#features/results/results-table.tsx'
import { hasMessageCodes } from '#http/settings.ts'
import type { Access } from '#lib/access/access.ts'
import { formatInstant } from '#messages/dates.ts'
import { titled } from '#messages/page-title.ts'
import { pathFor } from '#messages/paths.ts'
import { verifyAction, verifyMessageAction, verifyProofAction } from './actions.ts'

export const access = 'anybody' satisfies Access

export const generateMetadata = titled('survey-integrity.verify', 'page')

const brought = (value: string | string[] | undefined, most = 100): string =>
  typeof value === 'string' ? value.slice(0, most) : ''

/**
 * Renders the forms that check receipts, proofs, reports and messages. A printed receipt's QR code fills in its number or code;
 * it is looked up only after sending.
 */
export default async function VerifyPage({ searchParams }: PageProps<'/[locale]/verify'>) {
  const [t, asked, handedIn, { receipt, proof, report, message, surrender }, breaks] = await Promise.all([
    getTranslations('survey-integrity.verify'),
    getTranslations('message-codes'),
    getTranslations('recovery.check'),
    searchParams,
    listShownBreaks(),
  ])
  const other = [proof, report, message, surrender].some((one) => one !== undefined)
  const messages = hasMessageCodes() ? <MessageForm open={message !== undefined} /> : null
  const receipts = <ReceiptForm number={brought(receipt)} first={!other} />
  const proofs = <ProofForm code={brought(proof)} open={proof !== undefined} />
  const reports = <ReportForm typed={typeof report === 'string' ? brought(report) : null} />
  // A receipt stays checkable as long as its holder keeps it, even after handing-in was switched off.
  const surrenders =
    isRecoveryOn() || surrender !== undefined ? (
      <SurrenderForm typed={typeof surrender === 'string' ? brought(surrender, 2_000) : null} />
    ) : null
  return (
    <div className="stack-l max-w-measure">
      {message !== undefined ? (
        <PageHeader title={asked('page')} />
      ) : surrender !== undefined ? (
        <PageHeader title={handedIn('title')} lead={handedIn('lead')} />
      ) : (
        <PageHeader title={t('page')} lead={t('pageLead')} />
      )}
      {message === undefined ? null : messages}
      {report === undefined ? null : reports}
      {surrender === undefined ? null : surrenders}
      {proof === undefined ? null : proofs}
      {receipts}
      {proof !== undefined && report !== undefined ? null : (
        <section className="stack" aria-labelledby="others">
          <h2 id="others">{t('others')}</h2>
          <div className="folds">
            {message === undefined ? messages : null}
            {proof === undefined ? proofs : null}
            {report === undefined ? reports : null}
            {surrender === undefined ? surrenders : null}
          </div>
        </section>
      )}
      <StatedBreaks breaks={breaks} />
      <ul className="prose">
        <li>
          <a href="/log/programs/verify.html" download>
            {t('offline')}
          </a>
        </li>
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

/** Shows the status of the report with a given hash. It is a plain GET form, so that the answer's address can be shared. */
async function ReportForm({ typed }: { readonly typed: string | null }) {
  const [locale, t, found] = await Promise.all([
    getLocale(),
    getTranslations('survey-withdrawal.check'),
    typed === null ? NOTHING : findReportsByHash(typed),
  ])
  return (
    <Details summary={t('title')} look="row" open={typed !== null}>
      <p>{t('lead')}</p>
      {typed === null || found === null ? null : <Found {...found} />}
      <form action={pathFor(locale, '/verify')} method="get" className="stack">
        <div className="field" data-invalid={found === null ? '' : undefined}>
          <label htmlFor="report">{t('field')}</label>
          <div className="hint" id="report-hint">
            {t('hint')}
          </div>
          {found === null ? (
            <p className="error" id="report-error" data-error-for="report">
              {t('format')}
            </p>
          ) : null}
          <input
            className="control"
            id="report"
            name="report"
            defaultValue={typed ?? ''}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            aria-describedby={found === null ? 'report-hint report-error' : 'report-hint'}
            aria-invalid={found === null ? true : undefined}
          />
        </div>
        <p className="actions pt-1">
          <Button look={typed === null ? 'quiet' : 'primary'}>{t('submit')}</Button>
        </p>
      </form>
    </Details>
  )
}

const NOTHING = { reports: [], logged: [] } satisfies Awaited<ReturnType<typeof findReportsByHash>>

async function Found({ reports, logged }: NonNullable<Awaited<ReturnType<typeof findReportsByHash>>>) {
  const [locale, t, words] = await Promise.all([
    getLocale(),
    getTranslations('survey-withdrawal.check'),
    getTranslations('survey-report-paper'),
  ])
  const [entry] = logged
  if (reports.length === 0 && entry)
    return (
      <div data-report-standing="logged">
        <Notice tone="bad" title={t('logged')}>
          <p>
            {t('loggedText', { date: formatInstant(locale, entry.at, 'moment'), entry: String(entry.id) })}
          </p>
          <p>
            <a href={`/log/figures/${entry.sha256}.proof.json`} download>
              {t('loggedProof')}
            </a>
          </p>
        </Notice>
      </div>
    )
  if (reports.length === 0)
    return (
      <Notice tone="wait" title={t('unknown')}>
        <p>{t('unknownText')}</p>
      </Notice>
    )
  return reports.map((report) => {
    const stands = report.withdrawn === null ? 'published' : 'withdrawn'
    return (
      <div key={report.id} data-report-standing={stands}>
        <Notice
          tone={stands === 'published' ? 'ok' : 'bad'}
          title={t(stands, { period: periodTitle(words, locale, report.period) })}
        >
          {report.publishedAt === null || stands === 'withdrawn' ? null : (
            <p>{t('publishedText', { date: formatInstant(locale, report.publishedAt, 'date') })}</p>
          )}
          <ReportStanding report={report} />
        </Notice>
      </div>
    )
  })
}

async function ReceiptForm({ number, first }: { readonly number: string; readonly first: boolean }) {
  const t = await getTranslations('survey-integrity.verify')
  return (
    <section className="stack" aria-labelledby="receipt-title">
      <h2 id="receipt-title">{t('title')}</h2>
      <p>{t('lead')}</p>
      <ActionForm action={verifyAction} initial={{ receipt: number }} className="stack">
        <VerifyResult
          counted={<CountedNotice />}
          excluded={Object.fromEntries(
            EXCLUSION_REASONS.map((reason) => [
              reason,
              <Excluded key={reason} reason={reason} contact={readSurveyContact()} />,
            ]),
          )}
          unknown={<Unknown />}
          proof={{
            ...{ link: t('proof'), ready: t('proofText') },
            ...{ month: t('proofMonth'), before: t('proofBefore') },
          }}
        />
        <Field name="receipt" label={t('field')} hint={t('hint')} look="number" width="medium" />
        <p className="actions pt-1">
          <SubmitButton look={first ? 'primary' : 'quiet'}>{t('submit')}</SubmitButton>
        </p>
      </ActionForm>
    </section>
  )
}

async function ProofForm({ code, open }: { readonly code: string; readonly open: boolean }) {
  const t = await getTranslations('audit.check')
  const ok = (words: string) => <Notice tone="ok" title={words} />
  const bad = (words: string) => <Notice tone="bad" title={words} />
  return (
    <ActionForm
      action={verifyProofAction}
      initial={open ? { proofCode: code } : {}}
      scope="proof"
      className={open ? 'stack' : 'more-form'}
    >
      <FoldedForm summary={t('title')}>
        <p>{t('lead')}</p>
        <ProofResult
          here={t('here')}
          said={{
            holds: ok(t('holds')),
            story: ok(t('story')),
            receipt: ok(t('receipt')),
            absent: (
              <Notice tone="wait" title={t('absent')}>
                <p>{t('absentText')}</p>
              </Notice>
            ),
            other: bad(t('other')),
            entry: bad(t('entry')),
            checkpoint: bad(t('checkpoint')),
            dropped: bad(t('dropped')),
            broken: <Notice tone="wait" title={t('broken')} />,
          }}
        />
        <TextArea name="proofCode" label={t('code')} hint={t('codeHint')} rows={2} />
        <ProofFile name="proofFile" label={t('file')} hint={t('fileHint')} />
        <Details summary={t('paste')}>
          <TextArea name="proof" label={t('paste')} rows={4} />
        </Details>
        <p className="actions pt-1">
          <SubmitButton look={code === '' ? 'quiet' : 'primary'}>{t('submit')}</SubmitButton>
        </p>
        <Details summary={t('forPrograms')}>
          <p className="text-sm text-soft">
            {t('published')} <a href="/api/v1/audit/key">/api/v1/audit/key</a>,{' '}
            <a href="/api/v1/audit/checkpoint">/api/v1/audit/checkpoint</a>
          </p>
        </Details>
      </FoldedForm>
    </ActionForm>
  )
}

async function MessageForm({ open }: { readonly open: boolean }) {
  const t = await getTranslations('message-codes')
  return (
    <ActionForm
      action={verifyMessageAction}
      initial={open ? { askedMessage: '' } : {}}
      scope="message"
      className={open ? 'stack' : 'more-form'}
    >
      <FoldedForm summary={t('title')}>
        <p>{t('lead')}</p>
        <MessageResult
          sent={{ phone: t.raw('sent.phone'), email: t.raw('sent.email'), carrier: t.raw('sent.carrier') }}
          about={t.raw('about')}
          said={{
            ours: (
              <Notice tone="ok" title={t('ours')}>
                <p>{t('oursText')}</p>
              </Notice>
            ),
            altered: (
              <Notice tone="bad" title={t('altered')}>
                <p>{t('alteredText')}</p>
              </Notice>
            ),
            unknown: (
              <Notice tone="bad" title={t('unknown')}>
                <p>{t('unknownText')}</p>
              </Notice>
            ),
          }}
        />
        <TextArea name="askedMessage" label={t('field')} hint={t('hint')} rows={3} />
        <p className="actions pt-1">
          <SubmitButton look={open ? 'primary' : 'quiet'}>{t('submit')}</SubmitButton>
        </p>
        <ul className="prose text-sm">
          <li>{t('never.code')}</li>
          <li>{t('never.found')}</li>
        </ul>
      </FoldedForm>
    </ActionForm>
  )
}

/** Returns the signed statement from pasted text: the text itself, or part of the address in its QR code. */
const tokenIn = (pasted: string): string => /[\w-]+\.[\w-]+\.[\w-]+$/.exec(pasted.trim())?.[0] ?? ''

/**
 * Shows whether this site signed the receipt of a phone that was handed in. A plain GET form: the receipt's QR code links to the
 * answer.
 */
async function SurrenderForm({ typed }: { readonly typed: string | null }) {
  const [locale, t, paper, said] = await Promise.all([
    getLocale(),
    getTranslations('recovery.check'),
    getTranslations('recovery.paper'),
    typed === null ? null : checkSurrender(tokenIn(typed)),
  ])
  const form = (
    <form action={pathFor(locale, '/verify')} method="get" className="stack">
      <div className="field">
        <label htmlFor="surrender">{t('field')}</label>
        <textarea
          className="control"
          id="surrender"
          name="surrender"
          rows={3}
          defaultValue={said === null ? (typed ?? '') : ''}
          spellCheck={false}
        />
      </div>
      <p className="actions pt-1">
        <Button look={typed === null || said !== null ? 'quiet' : 'primary'}>{t('submit')}</Button>
      </p>
    </form>
  )
  if (typed === null)
    return (
      <Details summary={t('title')} look="row">
        <p>{t('lead')}</p>
        {form}
      </Details>
    )
  return (
    <section className="stack">
      <div role="status" data-surrender={said === null ? 'unsigned' : 'right'}>
        {said === null ? (
          <Notice tone="bad" title={t('unsigned')}>
            <p>{t('unsignedText')}</p>
          </Notice>
        ) : (
          <Notice tone="ok" title={t('right')}>
            <p>
              {t('says', {
                device: said.device || paper('phone'),
                ending: said.ending,
                at: formatInstant(locale, new Date(said.at), 'stamp'),
                unit: said.unit,
                code: said.code,
              })}
            </p>
          </Notice>
        )}
      </div>
      {form}
    </section>
  )
}
