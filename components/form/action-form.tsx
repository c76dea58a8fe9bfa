import type { ReactNode } from 'react'
import type { FormAction } from '#lib/form-state.ts'
import type { RawForm } from '#lib/raw-form.ts'
import { fieldNames } from '#messages/field-names.ts'
import { formWords } from './form-words.ts'
import { LiveForm } from './live-form.tsx'

export interface ActionFormProps {
  /** The server action itself, without a closure or `.bind`; ids travel in a HiddenField. */
  readonly action: FormAction
  readonly initial?: RawForm
  readonly errors?: Readonly<Record<string, string>>
  /** Set where a page holds several forms: prefixes every field's id, and is the form's own id. */
  readonly scope?: string
  readonly className?: string
  readonly children: ReactNode
}

/** Renders a form that posts to a server action. `submitKey` distinguishes one form sent twice from two forms. */
export async function ActionForm({
  action,
  initial = {},
  errors = {},
  scope = '',
  className = 'stack-l',
  children,
}: ActionFormProps) {
  const [words, names] = await Promise.all([formWords(), fieldNames(Object.keys(errors))])
  return (
    <LiveForm
      action={action}
      initial={{ values: initial, errors, names }}
      words={words}
      submitKey={crypto.randomUUID()}
      scope={scope}
      className={className}
    >
      {children}
    </LiveForm>
  )
}
