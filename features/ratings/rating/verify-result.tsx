'use client'
import { type ReactNode, useContext, useEffect, useRef } from 'react'
import { FormContext } from '#components/form/form-context.ts'

interface VerifyResultProps {
  readonly counted: ReactNode
  readonly excluded: Readonly<Record<string, ReactNode>>
  readonly unknown: ReactNode
  /** The texts about the proof of a receipt; `ready` is shown beside the link to its file. */
  readonly proof: Readonly<Record<'ready' | 'month' | 'before' | 'link', string>>
}

/** Shows the result of the look-up above its form, and takes the focus when it appears. */
export function VerifyResult({ counted, excluded, unknown, proof }: VerifyResultProps) {
  const { result } = useContext(FormContext)
  const box = useRef<HTMLElement>(null)
  useEffect(() => {
    if (result !== undefined) box.current?.focus()
  }, [result])
  if (result === undefined) return null
  const said = {
    counted,
    excluded: excluded[result.reason ?? ''],
    unknown,
  }[result.state ?? '']
  return (
    <section
      className="stack pb-2"
      aria-live="polite"
      tabIndex={-1}
      ref={box}
      data-receipt-state={result.state}
      data-receipt={result.number}
    >
      <p className="num text-[min(1.25rem,6.3vw)] font-semibold">{result.number}</p>
      {said}
      {result.proof === 'ready' || result.proof === 'month' || result.proof === 'before' ? (
        <p className="text-sm" data-receipt-proof={result.proof}>
          {result.proof === 'ready' ? (
            <a href={`/api/survey/receipts/${result.number}/proof`} download>
              {proof.link}
            </a>
          ) : null}{' '}
          {proof[result.proof]}
        </p>
      ) : null}
    </section>
  )
}
