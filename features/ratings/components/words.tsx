import { getLocale } from 'next-intl/server'

export interface WordsProps {
  readonly vi: string
  readonly en: string | null
}

/** Shows published words in the page's language, or in Vietnamese and marked as such where there are no others. */
export async function Words({ vi, en }: WordsProps) {
  const locale = await getLocale()
  const shown = locale === 'vi' ? { text: vi } : { text: en ?? vi, ...(en === null && { lang: 'vi' }) }
  return (
    <p className="wrap-anywhere whitespace-pre-line" lang={shown.lang}>
      {shown.text}
    </p>
  )
}
