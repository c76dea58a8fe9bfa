'use client'
import { type ReactNode, useContext, useEffect, useRef } from 'react'
import { FormContext } from '#components/form/form-context.ts'

/** Shows whether a message is ours, above the form. Takes the focus when it appears. */
export function MessageResult({
  said,
  sent,
  about,
}: {
  /** By result: `ours`, `altered` (ours, but a link in the pasted text leads elsewhere) or `unknown`. */
  readonly said: Readonly<Record<string, ReactNode>>
  /** By the message's way, with the placeholders `{at}` and `{to}`. */
  readonly sent: Readonly<Record<string, string>>
  /** With the placeholder `{subject}`. */
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
