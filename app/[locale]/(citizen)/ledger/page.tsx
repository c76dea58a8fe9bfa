import { getLocale, getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { PhoneFold } from '#components/ui/phone-fold.tsx'
import { Table } from '#components/ui/table.tsx'
import { Time } from '#components/ui/time.tsx'
import { Written } from '#components/ui/written.tsx'
import { readSealedHead } from '#features/audit/proofs/data.ts'
import { WhoKeepsWhat } from '#features/audit/proofs/who-keeps-what.tsx'
import { type ExclusionGroup, readLedger } from '#features/ratings/integrity/data.ts'
import { Rule } from '#features/ratings/integrity/exclusion-rule.tsx'
import { listRoots } from '#features/ratings/receipts/data.ts'
import { listKioskRemovals } from '#features/ratings/removals/data.ts'
import { monthLabel, people } from '#features/results/rules.ts'
import type { Access } from '#lib/access/access.ts'
import { formatInstant } from '#messages/dates.ts'
import { titled } from '#messages/page-title.ts'

const SHOWN_MONTHS = 12

export const access = 'anybody' satisfies Access

export const generateMetadata = titled('survey-integrity.ledger', 'title')

/**
 * Shows what people can keep of the log, the answers that are not counted with the rule for each, and those counted again with
 * the reason.
 */
export default async function LedgerPage() {
  const [t, words, removal, { totals, reversals }, removals] = await Promise.all([
    getTranslations('survey-integrity.ledger'),
    getTranslations('survey-integrity.reason'),
    getTranslations('survey-integrity.removal'),
    readLedger(),
    listKioskRemovals(),
  ])
  return (
    <div className="stack-l">
      <PageHeader title={t('title')} lead={t('lead')} />
      <Watch />
      <Receipts />
      <section className="prose stack" aria-labelledby="excluded">
        <h2 id="excluded">{t('excludedTitle')}</h2>
        <p>{t('excludedLead')}</p>
      </section>
      <Table
        caption={t('table')}
        columns={[
          { head: t('reason'), cell: ({ reason }) => words(reason) },
          {
            head: t('excluded'),
            align: 'end',
            cell: ({ excluded }) => <span className="num">{excluded}</span>,
          },
          {
            head: t('reversed'),
            align: 'end',
            cell: ({ reversed }) => <span className="num">{reversed}</span>,
          },
        ]}
        rows={totals}
        keyOf={({ reason }) => reason}
        marks={({ reason, excluded, reversed }) => ({
          'data-reason': reason,
          'data-excluded': excluded,
          'data-reversed': reversed,
        })}
      />
      <PhoneFold id="rules" title={t('rules')} prose>
        <ul>
          {totals.map(({ reason }) => (
            <li key={reason}>
              <b>{words(reason)}.</b> <Rule reason={reason} />
            </li>
          ))}
        </ul>
        <p>{t('rulesText')}</p>
        <p>{t('kept')}</p>
        <p>{removal('ledgerText')}</p>
      </PhoneFold>
      <PhoneFold id="reversals" title={t('reversals')}>
        {reversals.length === 0 ? <p>{t('noReversals')}</p> : <Reversals groups={reversals} />}
      </PhoneFold>
      <PhoneFold id="removals" title={removal('list')}>
        {removals.length === 0 ? <p>{removal('none')}</p> : <Removals removals={removals} />}
      </PhoneFold>
      <p>
        <Link href="/verify">{t('verify')}</Link>
      </p>
    </div>
  )
}

const PROGRAMS = [
  { key: 'page', href: '/log/programs/verify.html' },
  { key: 'figures', href: '/log/programs/figures.py' },
  { key: 'whole', href: '/log/programs/verify.py' },
  { key: 'key', href: '/api/v1/audit/key' },
] as const

/** Explains what a person can keep of the log, who watches it, and what cannot be checked. */
async function Watch() {
  const [locale, t, head] = await Promise.all([
    getLocale(),
    getTranslations('survey-integrity.watch'),
    readSealedHead(),
  ])
  const words = { acts: t('acts'), sign: t('sign'), paper: t('paper'), head: t('head'), anew: t('anew') }
  return (
    <section className="prose stack" aria-labelledby="watch">
      <h2 id="watch">{t('title')}</h2>
      <p>{t('log')}</p>
      <WhoKeepsWhat label={t('picture')} words={words} />
      <p>{t('you')}</p>
      <p>{t('others')}</p>
      <p>{t('not')}</p>
      {head === null ? null : (
        <p className="break-words" data-sealed-size={head.size}>
          {t('sealed', {
            at: formatInstant(locale, head.sealedAt, 'moment'),
            size: people(locale, head.size),
            root: head.root,
          })}
        </p>
      )}
      {head === null || head.witnesses.length === 0 ? null : (
        <>
          <p>{t('witnesses')}</p>
          <ul>
            {head.witnesses.map(({ name, signedAt }) => (
              <li key={name} className="break-words">
                {name}, {formatInstant(locale, signedAt, 'moment')}
              </li>
            ))}
          </ul>
          {head.demo ? <p>{t('demo')}</p> : null}
        </>
      )}
      <ul>
        {PROGRAMS.map(({ key, href }) => (
          <li key={key}>
            <a href={href} download>
              {t(key)}
            </a>
          </li>
        ))}
      </ul>
    </section>
  )
}

async function Receipts() {
  const [locale, t, roots] = await Promise.all([
    getLocale(),
    getTranslations('survey-integrity.ledger'),
    listRoots(),
  ])
  const number = (key: string, value: number) => (
    <span className="num" data-count={key}>
      {people(locale, value)}
    </span>
  )
  const shown = roots.slice(0, SHOWN_MONTHS)
  const wrong = shown.some((one) => one.allReceipts !== one.counted + one.waiting + one.excluded)
  return (
    <>
      {wrong ? <Notice tone="bad" title={t('receiptsWrong')} /> : null}
      <PhoneFold id="receipts" title={t('receipts')}>
        <p>{t('receiptsText')}</p>
        {shown.length === 0 ? (
          <p>{t('receiptsNone')}</p>
        ) : (
          <Table
            caption={t('receipts')}
            captionHidden
            columns={[
              { head: t('month'), cell: ({ month }) => monthLabel(locale, month) },
              { head: t('ofMonth'), align: 'end', cell: (row) => number('receipts', row.receipts) },
              { head: t('allReceipts'), align: 'end', cell: (row) => number('all', row.allReceipts) },
              { head: t('countedAnswers'), align: 'end', cell: (row) => number('counted', row.counted) },
              { head: t('waitingAnswers'), align: 'end', cell: (row) => number('waiting', row.waiting) },
              { head: t('notCounted'), align: 'end', cell: (row) => number('excluded', row.excluded) },
              {
                head: t('root'),
                phone: 'below',
                cell: ({ root }) => <code className="break-all">{root}</code>,
              },
            ]}
            rows={shown}
            keyOf={({ month }) => month}
            marks={({ month }) => ({ 'data-month': month })}
          />
        )}
      </PhoneFold>
    </>
  )
}

async function Reversals({ groups }: { readonly groups: readonly ExclusionGroup[] }) {
  const [locale, t, words] = await Promise.all([
    getLocale(),
    getTranslations('survey-integrity.ledger'),
    getTranslations('survey-integrity.reason'),
  ])
  return (
    <Table
      caption={t('reversals')}
      captionHidden
      columns={[
        { head: t('agency'), cell: ({ agency }) => (locale === 'vi' ? agency.nameVi : agency.nameEn) },
        { head: t('when'), cell: ({ reversedAt }) => reversedAt && <Time at={reversedAt} form="date" /> },
        { head: t('reason'), cell: ({ reason }) => words(reason) },
        { head: t('count'), align: 'end', cell: ({ count }) => <span className="num">{count}</span> },
        {
          head: t('why'),
          phone: 'below',
          cell: ({ reversal, reversalEn }) => <Why vi={reversal} en={reversalEn} />,
        },
      ]}
      rows={groups}
      keyOf={({ id }) => id}
    />
  )
}

async function Removals({ removals }: { readonly removals: Awaited<ReturnType<typeof listKioskRemovals>> }) {
  const [locale, t, ledger] = await Promise.all([
    getLocale(),
    getTranslations('survey-integrity.removal'),
    getTranslations('survey-integrity.ledger'),
  ])
  return (
    <Table
      caption={t('list')}
      captionHidden
      columns={[
        { head: ledger('agency'), cell: ({ agency }) => (locale === 'vi' ? agency.nameVi : agency.nameEn) },
        { head: ledger('when'), cell: ({ removedAt }) => <Time at={removedAt} form="date" /> },
        {
          head: t('weeks'),
          cell: ({ firstWeek, lastWeek }) => (
            <>
              <Time at={firstWeek} form="date" /> – <Time at={lastWeek} form="date" />
            </>
          ),
        },
        { head: t('answers'), align: 'end', cell: ({ answers }) => <span className="num">{answers}</span> },
        {
          head: ledger('why'),
          phone: 'below',
          cell: ({ reason, reasonEn }) => <Why vi={reason} en={reasonEn} />,
        },
      ]}
      rows={removals}
      keyOf={({ id }) => id}
      marks={({ id }) => ({ 'data-removal': id })}
    />
  )
}

/** Renders the reason in the page's language, or in Vietnamese, marked as such. */
async function Why({ vi, en }: { readonly vi: string | null; readonly en: string | null }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('survey-integrity.ledger')])
  if (locale === 'vi' || en !== null) return <Written>{(locale === 'vi' ? vi : en) ?? ''}</Written>
  return (
    <>
      <span lang="vi">
        <Written>{vi ?? ''}</Written>
      </span>{' '}
      <small className="text-soft">{t('inVietnamese')}</small>
    </>
  )
}
