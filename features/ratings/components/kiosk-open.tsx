'use client'
import { Fragment, useContext } from 'react'
import { FormContext, fieldId } from '#components/form/form-context.ts'

export interface KioskOpenWords {
  /** Before the numbers of the questions that are open. */
  readonly missing: string
  /** The word for a question, before its number. */
  readonly question: string
}

export interface KioskOpenProps {
  /** The open questions with their numbers. */
  readonly open: readonly { readonly key: string; readonly number: number }[]
  readonly words: KioskOpenWords
}

/** Shows which questions still wait for an answer, each a way to it: "Còn câu 2, 3, 4." */
export function KioskOpen({ open, words }: KioskOpenProps) {
  const { scope } = useContext(FormContext)
  return (
    <p role="alert" className="kiosk-open">
      {words.missing}{' '}
      {open.map(({ key, number }, at) => (
        <Fragment key={key}>
          {at === 0 ? null : ', '}
          <a href={`#${fieldId(scope, key)}-group`} aria-label={`${words.question} ${number}`}>
            {number}
          </a>
        </Fragment>
      ))}
      .
    </p>
  )
}
