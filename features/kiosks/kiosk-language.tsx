'use client'
import { type MouseEvent, type ReactNode, useState } from 'react'
import { openWhenThere } from './device-queue.ts'

interface KioskLanguageProps {
  /** The address of the same kiosk in the other language. */
  readonly href: string
  readonly locale: 'vi' | 'en'
  /** While the server cannot be reached, in the language that was asked for. */
  readonly unreached: string
  readonly children: ReactNode
}

/** Renders the link to the other language, the only link of the page. */
export function KioskLanguage({ href, locale, unreached, children }: KioskLanguageProps) {
  const [failed, setFailed] = useState(false)
  async function go(event: MouseEvent) {
    event.preventDefault()
    setFailed(!(await openWhenThere(href)))
  }
  return (
    <p className="kiosk-language" lang={locale}>
      <a href={href} hrefLang={locale} onClick={go}>
        {children}
      </a>
      {failed ? <span role="status">{unreached}</span> : null}
    </p>
  )
}
