/** What a form shows again after it was refused: everything typed, and what is wrong beside each field. */
export interface FormState {
  readonly values: Readonly<Record<string, string | readonly string[]>>
  /** By field name; `form` for what belongs to no field. */
  readonly errors: Readonly<Record<string, string>>
  /** Something to say that is no error. */
  readonly notice?: string
}

export const EMPTY_FORM: FormState = { values: {}, errors: {} }

/** The type of every form's action (React's useActionState). */
export type FormAction = (previous: FormState, data: FormData) => Promise<FormState>
