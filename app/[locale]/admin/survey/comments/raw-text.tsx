import { getTranslations } from 'next-intl/server'
import type { Stretch } from '#domain/survey/masking.ts'
import { MASKS } from '#domain/survey/masks.ts'

/** Every word of a comment, and in place what the machine hides of it from its agency, and as what. */
export async function RawText({ stretches }: { readonly stretches: readonly Stretch[] }) {
  const t = await getTranslations('survey-comments')
  let at = 0
  return (
    <p className="font-normal wrap-anywhere whitespace-pre-line">
      {stretches.map(({ text, kind }) => {
        const key = at
        at += text.length
        return kind === null ? (
          text
        ) : (
          <mark key={key} className="rounded-sm bg-saffron-wash text-saffron-deep">
            {text}
            <span className="sr-only"> ({t('hidden')}) </span>
            <small aria-hidden="true"> {MASKS[kind]}</small>
          </mark>
        )
      })}
    </p>
  )
}
