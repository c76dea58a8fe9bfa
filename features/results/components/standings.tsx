import { getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { Rule } from '#features/ratings/integrity/exclusion-rule.tsx'
import type { ExclusionReason } from '#features/ratings/integrity/rules.ts'

/** Shows that an answer is counted: one of the things that a receipt number can say of its answer, each in words. */
export async function Counted() {
  const t = await getTranslations('survey-integrity.verify')
  return (
    <Notice tone="ok" title={t('counted')}>
      <p>{t('countedText')}</p>
    </Notice>
  )
}

export interface ExcludedProps {
  readonly reason: ExclusionReason
  /** Whom to write to; not set, the survey's manager at the city. */
  readonly contact: string | undefined
}

export async function Excluded({ reason, contact }: ExcludedProps) {
  const [t, words] = await Promise.all([
    getTranslations('survey-integrity.verify'),
    getTranslations('survey-integrity.reason'),
  ])
  return (
    <Notice tone="wait" title={`${t('excluded')}: ${words(reason).toLowerCase()}`}>
      <p>
        <Rule reason={reason} />
      </p>
      <p>{t('excludedText')}</p>
      <p>{t('excludedWrite', { contact: contact ?? t('contact') })}</p>
      <p>{t('excludedPrivate')}</p>
      <p>
        <Link href="/ledger">{t('ledger')}</Link>
      </p>
    </Notice>
  )
}

export async function Unknown() {
  const t = await getTranslations('survey-integrity.verify')
  return (
    <Notice tone="info" title={t('unknown')}>
      <p>{t('unknownText')}</p>
    </Notice>
  )
}
