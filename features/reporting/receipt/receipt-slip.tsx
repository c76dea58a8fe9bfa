import { getTranslations } from 'next-intl/server'
import { Icon } from '#components/ui/icon.tsx'

/** Renders what a person copies by hand: the number, and the secret in its groups. */
export async function ReceiptSlip({
  of,
  number,
  secret,
  labels,
}: {
  readonly of: 'case' | 'objection'
  readonly number: string
  readonly secret: string
  readonly labels: { readonly number: string; readonly secret: string }
}) {
  const t = await getTranslations('report.receipt')
  return (
    <section className="slip" aria-labelledby="slip">
      <h2 id="slip">
        <Icon name="edit" />
        {t('copyOut')}
      </h2>
      <dl>
        <dt>{labels.number}</dt>
        <dd {...{ [`data-${of}-number`]: number }}>{number}</dd>
        <dt>{labels.secret}</dt>
        <dd className="slip-secret" {...{ [`data-${of}-secret`]: secret }}>
          {secret.split('-').map((group, index) => (
            // A space between groups, for selection and screen readers.
            // biome-ignore lint/suspicious/noArrayIndexKey: the groups never move, and two can be alike
            <span key={index}>{`${group} `}</span>
          ))}
        </dd>
      </dl>
    </section>
  )
}
