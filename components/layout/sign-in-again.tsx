'use client'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { SESSION_ENDED } from '../form/kept-action.ts'

const FORM = 'form[action="/api/auth/callback/credentials"]'

/** Lets a person whose session has ended sign in again, in a dialog, and keep the form that they were about to send. */
export function SignInAgain({
  page,
  after,
  words,
}: {
  readonly page: string
  readonly after: string
  readonly words: {
    readonly title: string
    readonly text: string
    readonly elsewhere: string
    readonly failed: string
    readonly done: string
    readonly close: string
  }
}) {
  const dialog = useRef<HTMLDialogElement>(null)
  const place = useRef<HTMLDivElement>(null)
  const [said, setSaid] = useState<'failed' | 'done' | null>(null)

  /** Shows the form of a sign-in page, with its errors; returns false if the page has no such form. */
  const show = (html: string): boolean => {
    const form = new DOMParser().parseFromString(html, 'text/html').querySelector(FORM)
    if (!form || !place.current) return false
    // The ids may clash with ids of this page.
    for (const part of form.querySelectorAll('[id], [for], [aria-describedby], a[href^="#"]'))
      for (const name of ['id', 'for', 'aria-describedby', 'href']) {
        const value = part.getAttribute(name)
        if (value) part.setAttribute(name, value.replace(/(^#?|\s)(?=\S)/g, '$1again-'))
      }
    place.current.replaceChildren(document.importNode(form, true))
    place.current.querySelector<HTMLInputElement>('input:not([type="hidden"])')?.focus()
    return true
  }

  useEffect(() => {
    const ended = async () => {
      setSaid(null)
      if (!dialog.current?.open) dialog.current?.showModal()
      try {
        const answer = await fetch(page)
        if (!show(await answer.text())) setSaid('failed')
      } catch {
        setSaid('failed')
      }
    }
    window.addEventListener(SESSION_ENDED, ended)
    return () => window.removeEventListener(SESSION_ENDED, ended)
  })

  const send = async (event: FormEvent<HTMLDivElement>) => {
    event.preventDefault()
    const form = event.target
    if (!(form instanceof HTMLFormElement)) return
    const body = new URLSearchParams(
      [...new FormData(form)].flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
    )
    try {
      const answer = await fetch(form.action, { method: 'POST', body })
      if (new URL(answer.url).pathname === after) {
        place.current?.replaceChildren()
        dialog.current?.close()
        setSaid('done')
      } else if (!show(await answer.text())) setSaid('failed')
    } catch {
      setSaid('failed')
    }
  }

  return (
    <>
      <dialog ref={dialog} className="keys-dialog palette" aria-labelledby="sign-in-again">
        <h2 id="sign-in-again">{words.title}</h2>
        <p>{words.text}</p>
        <div ref={place} onSubmit={send} className="stack" />
        {said === 'failed' ? <p role="alert">{words.failed}</p> : null}
        <p className="flex flex-wrap justify-between gap-4">
          <a href={page} target="_blank" rel="noreferrer">
            {words.elsewhere}
          </a>
          <button
            type="button"
            className="button"
            data-look="plain"
            data-size="small"
            onClick={() => dialog.current?.close()}
          >
            {words.close}
          </button>
        </p>
      </dialog>
      <p
        role="status"
        className={said === 'done' ? 'done-strip' : 'sr-only'}
        data-signed-in={said ?? undefined}
      >
        {said === 'done' ? words.done : ''}
      </p>
    </>
  )
}
