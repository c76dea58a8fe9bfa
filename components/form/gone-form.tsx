'use client'
import { usePathname } from 'next/navigation'
import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useState } from 'react'
import { type FormState, isRefused } from '#lib/form-state.ts'
import { allValues } from '#lib/raw-form.ts'
import { ErrorSummary } from './error-summary.tsx'
import { FormContext, type FormWords } from './form-context.ts'

/** Takes the answer to a form that is no longer on its page; null once another form is sent. */
const GoneContext = createContext<(state: FormState | null) => void>(() => undefined)

/**
 * Renders the answer to a form whose fields are no longer on the page: the reason of the refusal, and the person's own
 * words.
 */
export function GoneForm({
  state,
  words,
  written,
}: {
  readonly state: FormState
  readonly words: FormWords
  readonly written: Readonly<Record<string, string>>
}) {
  // A link to a field would lead nowhere.
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

/**
 * Shows the answer to a form that is no longer on its page, because a colleague's act has removed it. Without a script
 * it is not known before the page is rendered whether a form on it shows the answer. So this one is always rendered, at
 * the end of the page: styles hide it where a form has the answer, and move it to the top where none has.
 */
export function GoneForms({
  posted,
  words,
  children,
}: {
  /** The answer to the form that this page was asked for by, without a script. */
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

/** Returns the address of the page; a refusal on another page is not shown here. */
const pageAddress = () => window.location.pathname + window.location.search

/**
 * Returns a callback that a form calls with its answers, so that a refusal is still shown where the page with the
 * answer no longer has the form.
 */
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
