'use client'
import { type ReactNode, useContext, useEffect, useRef } from 'react'
import { FormContext } from '#components/form/form-context.ts'

/** Shows whether a message is ours, above the form with which it was asked; takes the focus when it appears. */
export function MessageResult({
  said,
  sent,
  about,
}: {
  /** By what was found: `ours`, `altered` (ours, but a link in what was pasted leads elsewhere) or `unknown`. */
  readonly said: Readonly<Record<string, ReactNode>>
  /** With `{at}` and `{to}` where they stand, by the way the message went. */
  readonly sent: Readonly<Record<string, string>>
  /** With `{subject}` where it stands. */
  readonly about: string
}) {
  const { result } = useContext(FormContext)
  const box = useRef<HTMLElement>(null)
  useEffect(() => {
    if (result !== undefined) box.current?.focus()
  }, [result])
  if (result === undefined) return null
  const { state = '', code, at, to, way = '', subject } = result
  return (
    <section
      className="stack pb-2"
      aria-live="polite"
      tabIndex={-1}
      ref={box}
      data-message-state={state}
      data-message-code={code}
    >
      <p className="num text-xl font-semibold">{code}</p>
      {at === undefined || to === undefined ? null : (
        <p>{(sent[way] ?? '').replace('{at}', at).replace('{to}', to)}</p>
      )}
      {subject === undefined ? null : <p>{about.replace('{subject}', subject)}</p>}
      {said[state]}
    </section>
  )
}
