import { type RawForm, rawForm } from './raw-form.ts'

/**
 * Matches fields that are typed again rather than shown again: passwords and codes. A case's secret is shown again: it has 20
 * characters, and the mistake may be in the number beside it. It is only in the answer to that one POST, which no browser stores,
 * and never in an address.
 */
const NEVER_SHOWN_AGAIN = /password|^(otp|contactCode)$/i

/**
 * The fields with staff's own words, which they would have to write again if a form is lost. Choices, ids and hidden values are
 * not among them.
 */
export const WRITTEN_FIELDS = [
  'reason',
  'reasonVi',
  'reasonEn',
  'note',
  'message',
  'basis',
  'legalBasis',
  'correctValue',
  'disclosureNote',
  'alertNote',
  'contactName',
  'contactEmail',
  'contactPhone',
  'nationalId',
  'said',
  'saidEn',
  'answer',
  'answerVi',
  'answerEn',
  'summaryVi',
  'summaryEn',
  'decisionVi',
  'decisionEn',
  'promise',
  'promiseEn',
  'dueOn',
  'done',
  'doneEn',
  'masked',
  'foundPlace',
  'custody',
  'sourceEn',
  'recommendationsVi',
  'recommendationsEn',
] as const

/**
 * The answer of a form's action that did not redirect. Without JavaScript it passes through a hidden field that its holder can
 * read and edit: it contains no password or code, and nothing in it is trusted.
 */
export interface FormState {
  /** Everything that was typed, so that the form shows it again. */
  readonly values: RawForm
  /** A sentence in the page's language for each field at fault. */
  readonly errors: Record<string, string>
  /** The name of each faulty field, for the summary above the form. */
  readonly names?: Record<string, string>
  /** The labels of a refused form's written fields, which may no longer be on its page. */
  readonly written?: Record<string, string>
  /** A sentence about the form as a whole: a refusal that belongs to no field. */
  readonly notice?: string
  /** The session has ended: the person signs in again, and sends the same form once more. */
  readonly ended?: true
  /** A sentence about the result that is shown only once, with a link or a key that cannot be read again. */
  readonly done?: string
  /** The key for the next submission: the same after a refusal, a new one after success. */
  readonly submitKey?: string
  /** The result of the action, for a form that shows it on its own page. */
  readonly result?: Readonly<Record<string, string>>
  /** The same as a list. */
  readonly rows?: readonly Readonly<Record<string, string>>[]
}

/** The shape of every form action (React's useActionState). Success does not return: it redirects. */
export type FormAction = (previous: FormState, data: FormData) => Promise<FormState>

export const emptyFormState: FormState = { values: {}, errors: {} }

/** Checks whether the state is an action's answer, which then decides the value of every field, unticked boxes included. */
export const isAnswer = (state: FormState): boolean =>
  state.notice !== undefined ||
  state.done !== undefined ||
  Object.keys(state.values).length > 0 ||
  Object.keys(state.errors).length > 0

export const isRefused = (state: FormState): boolean =>
  state.notice !== undefined || Object.keys(state.errors).length > 0

/** Returns the input of a form to show again: without files, passwords and codes. */
export const shownValues = (form: FormData): FormState['values'] =>
  Object.fromEntries(Object.entries(rawForm(form)).filter(([name]) => !NEVER_SHOWN_AGAIN.test(name)))
