'use client'
import { type FormEvent, type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { type FormAction, type FormState, isAnswer } from '#lib/form-state.ts'
import { allValues, type RawForm } from '#lib/raw-form.ts'
import { ErrorSummary } from './error-summary.tsx'
import { FormContext, type FormWords } from './form-context.ts'
import { useKeptAction } from './kept-action.ts'

interface LiveFormProps {
  readonly action: FormAction
  /** State before anything is sent. */
  readonly initial: FormState
  readonly words: FormWords
  readonly submitKey: string
  readonly scope: string
  readonly className: string
  readonly children: ReactNode
}

/** Renders the client part of ActionForm. Without a script, the same markup posts to the same action. */
export function LiveForm({ action, initial, words, submitKey, scope, className, children }: LiveFormProps) {
  const [state, send] = useKeptAction(action, words.cutOff)
  const { values, errors: told, names } = isAnswer(state) ? state : initial
  const { errors, mend, onChoice } = useMending(told, values)
  const context = useMemo(
    () => ({
      values,
      errors,
      told,
      mend,
      names: names ?? {},
      words,
      scope,
      ...(state.result && { result: state.result }),
      ...(state.rows && { rows: state.rows }),
    }),
    [values, errors, told, mend, names, state.result, state.rows, words, scope],
  )
  const done = useRef<HTMLParagraphElement>(null)
  // A long form may have its button far below its top.
  // biome-ignore lint/correctness/useExhaustiveDependencies: each answer is shown anew
  useEffect(() => done.current?.scrollIntoView({ block: 'nearest' }), [state])
  return (
    <FormContext value={context}>
      <form
        action={send}
        onChange={onChoice}
        className={className}
        noValidate
        autoComplete="off"
        id={scope === '' ? undefined : scope}
      >
        <input type="hidden" name="submitKey" value={state.submitKey ?? submitKey} />
        <ErrorSummary notice={state.notice} />
        {state.done === undefined ? null : (
          <p
            ref={done}
            role="status"
            className="rounded-part border-l-4 border-green bg-green-wash px-4 py-3.5 break-words whitespace-pre-line"
          >
            {state.done}
          </p>
        )}
        {children}
      </form>
    </FormContext>
  )
}

type Errors = Readonly<Record<string, string>>

/** Removes a field's error once its value is valid or another choice is taken, until the server answers again. */
function useMending(told: Errors, values: RawForm) {
  const [mended, setMended] = useState<{ readonly of: Errors; readonly names: readonly string[] }>({
    of: told,
    names: [],
  })
  const names = mended.of === told ? mended.names : NONE
  const mend = useCallback(
    (right: readonly string[]) =>
      setMended((before) => {
        const kept = before.of === told ? before.names : NONE
        const more = right.filter((name) => told[name] !== undefined && !kept.includes(name))
        return more.length === 0 ? before : { of: told, names: [...kept, ...more] }
      }),
    [told],
  )
  const errors = useMemo(
    () => Object.fromEntries(Object.entries(told).filter(([name]) => !names.includes(name))),
    [told, names],
  )
  const onChoice = useCallback(
    ({ target }: FormEvent<HTMLFormElement>) => {
      const field: unknown = target
      const isChosen =
        field instanceof HTMLSelectElement
          ? field.value !== ''
          : field instanceof HTMLInputElement && /^(checkbox|radio)$/.test(field.type) && field.checked
      if (!isChosen) return
      const { name, value } = field as HTMLInputElement | HTMLSelectElement
      if (!allValues(values, name).includes(value)) mend([name])
    },
    [values, mend],
  )
  return { errors, mend, onChoice }
}

const NONE: readonly string[] = []
