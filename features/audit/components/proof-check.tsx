'use client'
import { type ReactNode, useContext, useEffect, useRef, useState } from 'react'
import { FieldFrame, type FieldTexts } from '#components/form/field-frame.tsx'
import { FormContext, useField } from '#components/form/form-context.ts'
import type { Judged } from '../rules/proof-code.ts'
import { judgeHere } from './judge-here.ts'

interface ProofResultProps {
  /** The words for each outcome. */
  readonly said: Readonly<Record<Judged, ReactNode>>
  /** Says that what was checked stayed in this browser. */
  readonly here: string
}

/**
 * Shows what came of a proof. The browser itself checks what its form holds and sends nothing, where it can; else, and where
 * it is no proof, the form goes to the server, which answers the same.
 */
export function ProofResult({ said, here }: ProofResultProps) {
  const { result } = useContext(FormContext)
  const marker = useRef<HTMLDivElement>(null)
  const box = useRef<HTMLElement>(null)
  const [own, setOwn] = useState<Judged | null>(null)
  const state = own ?? (result?.proof as Judged | undefined) ?? null

  useEffect(() => {
    if (state !== null) box.current?.focus()
  }, [state])
  useEffect(() => {
    const form = marker.current?.closest('form')
    let asServer = false
    const check = async (event: SubmitEvent) => {
      if (asServer || !form) return
      event.preventDefault()
      const judged = await judgeHere(form).catch(() => null)
      setOwn(judged)
      if (judged) return
      asServer = true
      form.requestSubmit()
      asServer = false
    }
    form?.addEventListener('submit', check)
    return () => form?.removeEventListener('submit', check)
  }, [])

  return (
    <div ref={marker}>
      {state === null ? null : (
        <section ref={box} tabIndex={-1} aria-live="polite" className="stack" data-proof-state={state}>
          {said[state]}
          {own === null ? null : (
            <p className="text-soft" data-proof-here>
              {here}
            </p>
          )}
        </section>
      )}
    </div>
  )
}

/** Renders the field for the file of a proof. */
export function ProofFile(texts: FieldTexts) {
  const { id, aria } = useField(texts.name, texts.hint !== undefined)
  return (
    <FieldFrame {...texts}>
      <input
        className="control"
        id={id}
        name={texts.name}
        type="file"
        accept=".json,application/json"
        {...aria}
      />
    </FieldFrame>
  )
}
