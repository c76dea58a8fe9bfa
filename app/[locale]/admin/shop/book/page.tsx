import { getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Radios } from '#components/form/choices.tsx'
import { Field, TextArea } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Table } from '#components/ui/table.tsx'
import { Tag } from '#components/ui/tag.tsx'
import { Time } from '#components/ui/time.tsx'
import { bookOf } from '#features/check/book/data.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { formatImei } from '#lib/imei/imei.ts'
import { titled } from '#messages/page-title.ts'
import { writeInBookAction } from './actions.ts'

export const access = 'imei:check_list' satisfies Access

export const generateMetadata = titled('shop', 'book.title')

/** Few enough that rechecking them stays within the limit of the public check. */
const SHOWN = 100

export default async function ShopBookPage({ searchParams }: PageProps<'/[locale]/admin/shop/book'>) {
  const staff = await requireStaff(access)
  const [t, says, { done }, lines] = await Promise.all([
    getTranslations('shop.book'),
    getTranslations('shop'),
    searchParams,
    bookOf(staff, SHOWN),
  ])
  const answer = (reported: boolean | null) =>
    reported ? <Tag tone="bad">{says('reported')}</Tag> : says('notReported')
  return (
    <div className="stack-l">
      <PageHeader kicker={<Link href="/admin/shop">{t('back')}</Link>} title={t('title')} lead={t('lead')} />
      {done === 'written' ? (
        <div role="status">
          <Notice tone="ok" title={t('written')} />
        </div>
      ) : done === 'reported' ? (
        <div role="status" data-booked-reported>
          <Notice tone="bad" title={t('writtenReported')}>
            <p>{t('writtenReportedText')}</p>
          </Notice>
        </div>
      ) : null}
      <ActionForm action={writeInBookAction} className="card stack" initial={{ booked: 'bought' }}>
        <Radios
          name="booked"
          label={t('kind')}
          row
          options={(['bought', 'sold'] as const).map((value) => ({ value, label: t(value) }))}
        />
        <TextArea name="imeis" label={t('imeis')} hint={t('imeisHint')} rows={3} />
        <Field name="paper" label={t('paper')} hint={t('paperHint')} optional width="medium" />
        <p className="actions">
          <SubmitButton>{t('write')}</SubmitButton>
        </p>
      </ActionForm>
      {lines.length === 0 ? (
        <EmptyState title={t('none')} />
      ) : (
        <section className="stack" aria-labelledby="book">
          <h2 id="book">{t('lines')}</h2>
          <p>
            <a href="/api/shop-book" download rel="nofollow">
              {t('take')}
            </a>
          </p>
          <p className="text-sm text-soft">{t('takeText')}</p>
          <Table
            caption={t('lines')}
            captionHidden
            columns={[
              { head: t('at'), cell: ({ at }) => <Time at={at} form="stamp" /> },
              { head: t('kind'), cell: ({ kind }) => t(kind) },
              {
                head: 'IMEI',
                cell: ({ imei }) => <span className="num font-tabular break-all">{formatImei(imei)}</span>,
              },
              { head: t('paper'), cell: ({ paper }) => paper || null },
              { head: t('then'), cell: ({ reported }) => answer(reported) },
              { head: t('now'), cell: ({ reportedNow }) => answer(reportedNow) },
            ]}
            rows={lines}
            keyOf={({ id }) => id}
            marks={({ imei, kind, reportedNow }) => ({
              'data-imei': imei,
              'data-booked': kind,
              'data-imei-result': reportedNow ? 'reported' : 'not_reported',
            })}
          />
        </section>
      )}
    </div>
  )
}
