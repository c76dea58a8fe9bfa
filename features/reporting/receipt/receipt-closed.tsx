import { getTranslations } from 'next-intl/server'
import { ButtonLink } from '#components/ui/button.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'

/** Says that this browser has no such receipt (any more), and how its person comes to the case. It knows of no case. */
export async function ReceiptClosed() {
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
