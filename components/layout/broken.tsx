'use client'
import { unstable_isUnrecognizedActionError, usePathname } from 'next/navigation'
import { useEffect } from 'react'
import { staleFormRedirect } from '#lib/stale-form.ts'
import en from '#messages/en/broken.json'
import vi from '#messages/vi/broken.json'

export interface BrokenProps {
  readonly error: Error & { digest?: string }
  readonly reset: () => void
}

/** Returns the language of an error page; Next passes it no messages and no locale. */
export const useErrorLanguage = (): 'vi' | 'en' => (usePathname()?.startsWith('/en') ? 'en' : 'vi')

/** Renders a server error with the code that finds it in the log. A form of an earlier version has its page reloaded. */
export function Broken({ error, reset }: BrokenProps) {
  const t = useErrorLanguage() === 'en' ? en : vi
  const isOld: boolean = unstable_isUnrecognizedActionError(error)
  useEffect(() => {
    if (isOld) location.replace(staleFormRedirect(location.pathname + location.search))
  }, [isOld])
  if (isOld) return null
  return (
    <div className="stack" role="alert">
      <h1>{t.title}</h1>
      <p>{t.text}</p>
      <p>{t.wait}</p>
      <p className="actions pt-2">
        <button type="button" className="button" onClick={reset}>
          {t.retry}
        </button>
        <a className="button" data-look="quiet" href={t.homePath}>
          {t.home}
        </a>
      </p>
      {error.digest === undefined ? null : (
        <p className="text-sm text-soft">
          {t.reference} <span className="num">{error.digest}</span>
        </p>
      )}
    </div>
  )
}
