import { getTranslations } from 'next-intl/server'
import { Icon } from '#components/ui/icon.tsx'
import type { CaseNumber } from '#features/cases/rules/number.ts'
import type { CaseSecret } from '#features/cases/rules/secret.ts'

export interface ReceiptSlipProps {
  readonly number: CaseNumber
  readonly secret: CaseSecret
}

/** Renders what is copied onto paper, and nothing else: the case's number, and the secret in four groups of five. */
export async function ReceiptSlip({ number, secret }: ReceiptSlipProps) {
  const t = await getTranslations('report.receipt')
  return (
    <section className="slip" aria-labelledby="slip">
      <h2 id="slip">
        <Icon name="edit" />
        {t('copyOut')}
      </h2>
      <dl>
        <dt>{t('number')}</dt>
        <dd data-case-number={number}>{number}</dd>
        <dt>{t('secretFor')}</dt>
        <dd className="slip-secret" data-case-secret={secret}>
          {secret.split('-').map((group, index) => (
            // A blank between them, for a person who selects or hears them.
            // biome-ignore lint/suspicious/noArrayIndexKey: the groups never move, and two can be alike
            <span key={index}>{`${group} `}</span>
          ))}
        </dd>
      </dl>
    </section>
  )
}
