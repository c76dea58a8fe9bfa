import { unstable_isUnrecognizedActionError } from 'next/navigation'
import { useActionState, useEffect, useMemo, useState } from 'react'
import { emptyFormState, type FormAction, type FormState, shownValues } from '#lib/form-state.ts'
import { useToldWhenGone } from './gone-form.tsx'

/**
 * Tells whether the connection to the server broke off, or a proxy answered in its place. An error that the server
 * throws, a redirect too, has a digest.
 */
const isCutOff = (error: unknown): boolean =>
  error instanceof Error && !('digest' in error) && !unstable_isUnrecognizedActionError(error)

/**
 * Wraps an action so that a lost connection does not lead to an error page. The form stays as it was and shows `words`.
 * It is sent again under the same key, so that it counts once even if the first sending had arrived.
 */
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

/** Says to the page's frame that the session has ended: it offers to sign in again. */
export const SESSION_ENDED = 'antam-session-ended'

/**
 * Uses an action as `useActionState` does. Until a script runs it is the server's own, to which a plain form can post. A
 * refusal outlives its form (gone-form.tsx).
 */
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
