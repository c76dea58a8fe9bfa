import { getLocale, getTranslations } from 'next-intl/server'
import { Tag } from '#components/ui/tag.tsx'
import type { WithdrawalReason } from './rules.ts'

export async function WithdrawnTag() {
  const t = await getTranslations('survey-withdrawal')
  return (
    <Tag tone="bad" icon="ban">
      {t('tag')}
    </Tag>
  )
}

export async function WithdrawnReason({ reason }: { readonly reason: WithdrawalReason }) {
  const t = await getTranslations('survey-withdrawal')
  return (
    <dl>
      <dt className="font-semibold">{t('why')}</dt>
      <dd>
        <Words vi={reason.reasonVi} en={reason.reasonEn} />
      </dd>
    </dl>
  )
}

/** Renders published words in the page's language, or in Vietnamese and marked as such if there is no translation. */
export async function Words({ vi, en }: { readonly vi: string; readonly en: string | null }) {
  const locale = await getLocale()
  const shown = locale === 'vi' ? { text: vi } : { text: en ?? vi, ...(en === null && { lang: 'vi' }) }
  return (
    <p className="wrap-anywhere whitespace-pre-line" lang={shown.lang}>
      {shown.text}
    </p>
  )
}
