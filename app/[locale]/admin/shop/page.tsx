import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Field, FileInput, TextArea } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { ListResult } from '#features/check/list-result.tsx'
import { addressOf, isRecoveryOn } from '#features/recovery/data.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { titled } from '#messages/page-title.ts'
import { sentFrom } from '#messages/sender.ts'
import { scaledLimit } from '#platform/rate-limits/commands.ts'
import { checkListAction, writeShopAddressAction } from './actions.ts'

export const access = 'imei:check_list' satisfies Access

export const generateMetadata = titled('shop', 'title')

const ANSWERS = ['reported', 'notReported', 'invalid'] as const
const FILE_FORM = 'imei-list'

/** Checks all phones that a shop is offered, or has in stock, at once. */
export default async function ShopPage({ searchParams }: PageProps<'/[locale]/admin/shop'>) {
  const shop = await requireStaff(access)
  const leads = isRecoveryOn()
  const [t, file, locale, { error, done }] = await Promise.all([
    getTranslations('shop'),
    getTranslations('common.file'),
    getLocale(),
    searchParams,
  ])
  const strong = { b: (words: React.ReactNode) => <b>{words}</b> }
  const words = {
    title: t('result'),
    reported: t('reported'),
    not_reported: t('notReported'),
    invalid: t('invalid'),
    duplicates: t('duplicates'),
    table: t('table'),
    line: t('line'),
    imei: t('imei'),
    answer: t('answer'),
    note: t('note'),
    download: t('download'),
    print: t('print'),
    another: t('another'),
  }
  return (
    <div className="stack-l">
      <PageHeader title={t('title')} lead={t('lead')} />
      <p className="print-hidden">
        <Link href="/admin/shop/book">{t('book.open')}</Link>
      </p>
      {error === 'gone' ? <Notice title={t('gone')} /> : null}
      {done === 'address' ? (
        <div role="status">
          <Notice tone="ok" title={t('address.written')} />
        </div>
      ) : null}
      <ActionForm action={checkListAction} className="stack-l">
        <ListResult words={words} fileForm={FILE_FORM} />
        <div className="card stack print-hidden">
          <TextArea name="imeis" label={t('list')} hint={t('listHint')} rows={8} />
          <FileInput
            name="imeiFile"
            label={t('file')}
            hint={t('fileHint')}
            pick={file('pick')}
            accept=".csv,.txt,text/csv,text/plain"
          />
          <p className="actions">
            <SubmitButton>{t('submit')}</SubmitButton>
          </p>
          <p className="text-sm text-soft">
            {t('privacy', { count: scaledLimit('shop_account'), leads: leads ? 'told' : 'none' })}
          </p>
        </div>
      </ActionForm>
      {/* The button in the result above submits this form: forms cannot be nested. */}
      <form id={FILE_FORM} method="post" action={sentFrom(locale, '/api/imei-list')} />
      {leads ? (
        <ActionForm
          action={writeShopAddressAction}
          initial={{ shopAddress: await addressOf(shop) }}
          scope="address"
          className="card stack print-hidden"
        >
          <Field name="shopAddress" label={t('address.label')} hint={t('address.hint')} />
          <p className="actions">
            <SubmitButton look="quiet">{t('address.write')}</SubmitButton>
          </p>
        </ActionForm>
      ) : null}
      <section className="prose stack" aria-labelledby="meaning">
        <h2 id="meaning">{t('meaning.title')}</h2>
        <ul>
          {ANSWERS.map((answer) => (
            <li key={answer}>{t.rich(`meaning.${answer}`, strong)}</li>
          ))}
        </ul>
      </section>
    </div>
  )
}
