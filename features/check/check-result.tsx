'use client'
import { type ReactNode, useContext, useEffect, useRef } from 'react'
import { FormContext } from '#components/form/form-context.ts'
import { Tag } from '#components/ui/tag.tsx'

interface CheckResultProps {
  readonly reported: ReactNode
  readonly notReported: ReactNode
  /** Shown if a number is no IMEI; the fault itself is beside the field. */
  readonly invalid: string
  /** The words beside each number; `at` has a `{when}`. */
  readonly words: Readonly<Record<'reported' | 'not_reported' | 'at', string>>
  readonly watchForm: string
}

/** Renders the check's result above its form, and takes the focus when it appears. */
export function CheckResult({ reported, notReported, invalid, words, watchForm }: CheckResultProps) {
  const { result, rows = [], errors } = useContext(FormContext)
  const box = useRef<HTMLElement>(null)
  useEffect(() => {
    if (result !== undefined) box.current?.focus()
  }, [result])
  if (errors.imei !== undefined || errors.imei2 !== undefined) {
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
      {result.result === 'reported' ? reported : notReported}
      <ul className="folds list-none">
        {rows.map(({ imei, shown, result: one }, at) => (
          <li
            key={imei}
            className="flex max-w-none flex-wrap items-center justify-between gap-x-3 px-4 py-2.5"
            data-imei-answer={one}
          >
            <span className="num text-xl font-semibold">{shown}</span>
            <Tag tone={one === 'reported' ? 'bad' : 'plain'}>
              {words[one === 'reported' ? 'reported' : 'not_reported']}
            </Tag>
            <input type="hidden" form={watchForm} name={`watchImei${at + 1}`} value={imei} />
          </li>
        ))}
      </ul>
      <p className="text-sm text-soft">{words.at.replace('{when}', result.at ?? '')}</p>
    </section>
  )
}
