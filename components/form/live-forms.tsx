'use client'
import { createContext, type MouseEvent, type ReactNode, useContext, useMemo } from 'react'
import { emptyFormState, type FormAction, type FormState } from '#lib/form-state.ts'
import { allValues } from '#lib/raw-form.ts'
import { focusFirstField } from '../ui/first-field.ts'
import { KeyCap } from '../ui/key-cap.tsx'
import { ErrorSummary } from './error-summary.tsx'
import { FormContext, type FormWords } from './form-context.ts'
import { GoneForm } from './gone-form.tsx'
import { useKeptAction } from './kept-action.ts'

const AnsweredContext = createContext<{
  readonly state: FormState
  readonly send: (data: FormData) => void
  readonly words: FormWords
  readonly mark: FormMark | null
}>({
  state: emptyFormState,
  send: () => undefined,
  words: { summary: '', optional: '', pending: '', errorTitle: '', cutOff: '' },
  mark: null,
})

/** The fields that distinguish a form from others of the same action, such as `{ act: 'verify' }`. */
export type FormMark = Readonly<Record<string, string>>

const isOf = (state: FormState, mark: FormMark): boolean =>
  Object.entries(mark).every(([name, value]) => allValues(state.values, name)[0] === value)

interface LiveFormsProps {
  readonly action: FormAction
  readonly words: FormWords
  readonly marks: readonly FormMark[]
  /** Names of the text fields, with their labels; their text is shown again if the form is gone. */
  readonly written: Readonly<Record<string, string>>
  readonly children: ReactNode
}

/** Renders several forms of one action. The answer outlives its form: it is then shown above the others with the text. */
export function LiveForms({ action, words, marks, written, children }: LiveFormsProps) {
  const [state, send] = useKeptAction(action, words.cutOff)
  const mark = marks.find((one) => isOf(state, one)) ?? null
  const context = useMemo(() => ({ state, send, words, mark }), [state, send, words, mark])
  const gone = state !== emptyFormState && mark === null
  return (
    <AnsweredContext value={context}>
      {gone ? <GoneForm state={state} words={words} written={written} /> : null}
      {children}
    </AnsweredContext>
  )
}

interface OneFormProps {
  readonly mark: FormMark
  readonly submitKey: string
  readonly scope: string
  readonly className?: string
  /** True where {@link OwnSummary} shows the errors inside the form instead of above it. */
  readonly summaryInside?: boolean
  readonly children: ReactNode
}

/** Renders one of the forms; it shows the answer only if it was the one sent. */
export function OneForm({
  mark,
  submitKey,
  scope,
  className = 'stack',
  summaryInside = false,
  children,
}: OneFormProps) {
  const { state, send, words } = useContext(AnsweredContext)
  const { values, errors, names, notice, submitKey: next } = isOf(state, mark) ? state : emptyFormState
  const context = useMemo(
    () => ({ values, errors, names: names ?? {}, words, scope }),
    [values, errors, names, words, scope],
  )
  return (
    <FormContext value={context}>
      <form action={send} className={className} noValidate autoComplete="off" id={scope}>
        <input type="hidden" name="submitKey" value={next ?? submitKey} />
        {summaryInside ? null : <ErrorSummary notice={notice} />}
        {children}
      </form>
    </FormContext>
  )
}

/** Renders one form's errors at a place of its own, so that they push nothing else out of sight. */
export function OwnSummary({ mark }: Pick<OneFormProps, 'mark'>) {
  const { state } = useContext(AnsweredContext)
  return <ErrorSummary notice={isOf(state, mark) ? state.notice : undefined} />
}

/** Renders rarely used actions folded; open once one of their forms was refused. Their keys work while folded too. */
export function FoldedActs({
  marks,
  summary,
  children,
}: {
  readonly marks: readonly FormMark[]
  readonly summary: string
  readonly children: ReactNode
}) {
  const { state } = useContext(AnsweredContext)
  return (
    <details className="acts-more" data-keys-within="" open={marks.some((mark) => isOf(state, mark))}>
      <summary>{summary}</summary>
      <div className="acts">{children}</div>
    </details>
  )
}

interface FoldedActProps {
  readonly mark: FormMark
  readonly group: string
  /** Open until another action is chosen. */
  readonly first: boolean
  readonly summary: string
  readonly shortcut: string
  readonly children: ReactNode
}

/** Renders one of several exclusive actions, folded without a script. Pressing the open one focuses its first field. */
export function FoldedAct({ mark, group, first, summary, shortcut, children }: FoldedActProps) {
  const { state, mark: answered } = useContext(AnsweredContext)
  const choose = (event: MouseEvent<HTMLElement>) => {
    const act = event.currentTarget.closest('details')
    if (act?.open) event.preventDefault()
    focusFirstField(act)
  }
  return (
    <details className="act" name={group} open={answered === null ? first : isOf(state, mark)}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a summary is a button by itself. */}
      <summary aria-keyshortcuts={shortcut} onClick={choose}>
        {summary}
        <KeyCap of={shortcut} />
      </summary>
      <div className="stack">{children}</div>
    </details>
  )
}
