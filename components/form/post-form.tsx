import { getLocale } from 'next-intl/server'
import type { ReactNode } from 'react'
import { emptyFormState, type FormState } from '#lib/form-state.ts'
import { fieldNames } from '#messages/field-names.ts'
import { sentFrom } from '#messages/sender.ts'
import { FormFrame } from './form-frame.tsx'
import { formWords } from './form-words.ts'

/** Renders a plain form to a route handler, with the same fields, summary and errors as ActionForm. */
export async function PostForm({
  action,
  encoding = 'urlencoded',
  state = emptyFormState,
  scope = '',
  className = 'stack-l',
  before,
  children,
}: {
  readonly action: string
  readonly encoding?: 'urlencoded' | 'multipart'
  readonly state?: FormState
  readonly scope?: string
  readonly className?: string
  /** Shown between the error summary and the form; may contain other forms. */
  readonly before?: ReactNode
  readonly children: ReactNode
}) {
  const [words, locale, names] = await Promise.all([
    formWords(),
    getLocale(),
    fieldNames(Object.keys(state.errors)),
  ])
  const frame = (inside: ReactNode) => (
    <FormFrame state={{ ...state, names }} words={words} scope={scope}>
      {inside}
    </FormFrame>
  )
  const form = (inside: ReactNode) => (
    <form
      method="post"
      action={sentFrom(locale, action)}
      encType={encoding === 'multipart' ? 'multipart/form-data' : 'application/x-www-form-urlencoded'}
      className={className}
      noValidate
      {...(scope === '' ? {} : { id: scope })}
    >
      <input type="hidden" name="submitKey" value={crypto.randomUUID()} />
      {inside}
    </form>
  )
  if (before === undefined) return form(frame(children))
  return frame(
    <>
      {before}
      {form(children)}
    </>,
  )
}
