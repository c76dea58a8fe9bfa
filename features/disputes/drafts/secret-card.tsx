import { getTranslations } from 'next-intl/server'
import { LeaveDevice } from '#features/reporting/receipt/after-sending.tsx'
import { ReceiptSlip } from '#features/reporting/receipt/receipt-slip.tsx'

/** Shows number and secret, to be kept: only to the browser that sent the objection, and for a day. */
export async function SecretCard({ number, secret }: { readonly number: string; readonly secret: string }) {
  const t = await getTranslations('objection.receipt')
  return (
    <div className="stack max-w-[36rem]">
      <ReceiptSlip
        of="objection"
        number={number}
        secret={secret}
        labels={{ number: t('number'), secret: t('secret') }}
      />
      <div className="print-hidden">
        <LeaveDevice />
      </div>
      <p className="text-sm text-soft">{t('day')}</p>
    </div>
  )
}
