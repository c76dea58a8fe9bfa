import { getLocale, getTranslations } from 'next-intl/server'
import { MASKS, type Stretch } from '#features/ratings/masking/rules.ts'
import { isVietnamese } from '#lib/text-normalization.ts'

/** Renders a comment in full and marks the words that are masked for its agency, each with its kind. */
export async function RawText({ stretches }: { readonly stretches: readonly Stretch[] }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('survey-comments')])
  const whole = stretches.map(({ text }) => text).join('')
  let at = 0
  return (
    <p
      className="font-normal wrap-anywhere whitespace-pre-line"
      lang={isVietnamese(whole) ? 'vi' : undefined}
    >
      {stretches.map(({ text, kind }) => {
        const key = at
        at += text.length
        return kind === null ? (
          text
        ) : (
          <mark key={key} className="rounded-sm bg-saffron-wash text-saffron-deep">
            {text}
            <span className="sr-only" lang={locale}>
              {' '}
              ({t('hidden')}){' '}
            </span>
            <small aria-hidden="true"> {MASKS[kind]}</small>
          </mark>
        )
      })}
    </p>
  )
}
