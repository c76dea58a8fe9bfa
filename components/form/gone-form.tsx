'use client'
import { usePathname } from 'next/navigation'
import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useState } from 'react'
import { type FormState, isRefused } from '#lib/form-state.ts'
import { allValues } from '#lib/raw-form.ts'
import { ErrorSummary } from './error-summary.tsx'
import { FormContext, type FormWords } from './form-context.ts'

/** Reports the answer of a form that is no longer on the page; null once another form is sent. */
const GoneContext = createContext<(state: FormState | null) => void>(() => undefined)

/** Renders the answer to a form whose fields are no longer on the page: the reason for the refusal and the person's own text. */
export function GoneForm({
  state,
  words,
  written,
}: {
  readonly state: FormState
  readonly words: FormWords
  readonly written: Readonly<Record<string, string>>
}) {
  // The fields are gone, so there is nothing to link to.
  const notice = [state.notice, ...Object.values(state.errors)].filter(Boolean).join(' ')
  const context = useMemo(
    () => ({ values: state.values, errors: {}, names: {}, words, scope: '' }),
    [state, words],
  )
  const kept = Object.entries(written).flatMap(([name, label]) => {
    const text = allValues(state.values, name)[0]
    return text ? [{ name, label, text }] : []
  })
  return (
    <FormContext value={context}>
      <ErrorSummary notice={notice} />
      {kept.map(({ name, label, text }) => (
        <p key={name} className="max-w-measure wrap-anywhere whitespace-pre-line">
          <b>{label}:</b> {text}
        </p>
      ))}
    </FormContext>
  )
}

/** Shows the answer to a form that is no longer on the page. Always rendered: styles hide it if a form shows the answer. */
export function GoneForms({
  posted,
  words,
  children,
}: {
  /** The answer to the form that posted to this page without a script. */
  readonly posted: FormState | null
  readonly words: FormWords
  readonly children: ReactNode
}) {
  const path = usePathname()
  const [gone, setGone] = useState(posted)
  const shownOn = useRef(path)
  useEffect(() => {
    if (shownOn.current !== path) setGone(null)
    shownOn.current = path
  }, [path])
  return (
    <GoneContext value={setGone}>
      {children}
      {gone === null ? null : (
        <div className="gone-form stack mb-6" data-gone-form="">
          <GoneForm state={gone} words={words} written={gone.written ?? {}} />
        </div>
      )}
    </GoneContext>
  )
}

/** Returns the page's path and query; a refusal from another page is not shown here. */
const pageAddress = () => window.location.pathname + window.location.search

/** Returns a callback for a form's answers, so that a refusal is still shown if the answer's page no longer has the form. */
export function useToldWhenGone(): (state: FormState | null) => void {
  const tell = useContext(GoneContext)
  const last = useRef<{ readonly state: FormState; readonly on: string } | null>(null)
  const isThere = useRef(true)
  const note = useMemo(() => {
    const tellLast = () => {
      if (last.current?.on === pageAddress()) tell(last.current.state)
    }
    return {
      tellLast,
      answer: (state: FormState | null) => {
        last.current = state !== null && isRefused(state) ? { state, on: pageAddress() } : null
        if (state === null) tell(null)
        else if (!isThere.current) tellLast()
      },
    }
  }, [tell])
  useEffect(() => {
    isThere.current = true
    return () => {
      isThere.current = false
      note.tellLast()
    }
  }, [note])
  return note.answer
}
