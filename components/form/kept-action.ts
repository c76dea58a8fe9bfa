import { unstable_isUnrecognizedActionError } from 'next/navigation'
import { useActionState, useEffect, useMemo, useState } from 'react'
import { emptyFormState, type FormAction, type FormState, shownValues } from '#lib/form-state.ts'
import { useToldWhenGone } from './gone-form.tsx'

/** Checks whether the connection broke or a proxy answered. An error of the server, or a redirect, has a digest. */
const isCutOff = (error: unknown): boolean =>
  error instanceof Error && !('digest' in error) && !unstable_isUnrecognizedActionError(error)

/** Wraps an action so that a lost connection shows `words` and no error page. It is resent under the same key. */
export const keptWhenCutOff =
  (action: FormAction, words: string): FormAction =>
  async (previous, data) => {
    try {
      return await action(previous, data)
    } catch (error) {
      if (!isCutOff(error)) throw error
      const key = data.get('submitKey')
      return {
        values: shownValues(data),
        errors: {},
        notice: words,
        ...(typeof key === 'string' && { submitKey: key }),
      }
    }
  }

/** Event that tells the page's frame that the session has ended; the frame offers to sign in again. */
export const SESSION_ENDED = 'antam-session-ended'

/** Uses an action with `useActionState`. A refusal outlives its form (gone-form.tsx). */
export function useKeptAction(action: FormAction, words: string): [FormState, (data: FormData) => void] {
  const [runs, setRuns] = useState(false)
  useEffect(() => setRuns(true), [])
  const told = useToldWhenGone()
  const kept = useMemo(() => {
    if (!runs) return action
    const whenCutOff = keptWhenCutOff(action, words)
    return async (previous: FormState, data: FormData) => {
      told(null)
      const state = await whenCutOff(previous, data)
      if (state.ended) window.dispatchEvent(new Event(SESSION_ENDED))
      told(state)
      return state
    }
  }, [runs, action, words, told])
  const [state, send] = useActionState(kept, emptyFormState)
  return [state, send]
}
