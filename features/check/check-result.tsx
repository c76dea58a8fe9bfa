'use client'
import { type ReactNode, useContext, useEffect, useRef } from 'react'
import { FormContext } from '#components/form/form-context.ts'

interface CheckResultProps {
  readonly reported: ReactNode
  readonly notReported: ReactNode
  /** The words shown when the number was no IMEI; the fault itself is beside the field. */
  readonly invalid: string
}

/** Shows what came of the check, above the form it was asked with; takes the focus when it appears. */
export function CheckResult({ reported, notReported, invalid }: CheckResultProps) {
  const { result, errors } = useContext(FormContext)
  const box = useRef<HTMLElement>(null)
  useEffect(() => {
    if (result !== undefined) box.current?.focus()
  }, [result])
  if (errors.imei !== undefined) {
    return (
      <p className="text-soft" data-imei-result="invalid">
        {invalid}
      </p>
    )
  }
  if (result === undefined) return null
  return (
    <section
      className="stack pb-4"
      aria-live="polite"
      tabIndex={-1}
      ref={box}
      data-imei-result={result.result}
      data-imei={result.imei}
    >
      <p className="num text-xl font-semibold">{result.shown}</p>
      {result.result === 'reported' ? reported : notReported}
    </section>
  )
}
