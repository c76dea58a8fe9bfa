'use client'
import { type RefObject, useLayoutEffect, useRef, useState, useSyncExternalStore } from 'react'

const never = () => () => {}

/** Tells whether this render takes over what the server has drawn. */
const useHydrating = (): boolean =>
  useSyncExternalStore(
    never,
    () => false,
    () => true,
  )

/**
 * Keeps what a person typed into a textarea before the script had run: React puts the default back into one that has any
 * (`initTextarea` of react-dom 19) when it takes the page over. Returns the ref of the textarea with this id.
 */
export function useTypedEarly(id: string): RefObject<HTMLTextAreaElement | null> {
  const hydrating = useHydrating()
  const [typed] = useState(() => {
    if (!hydrating || typeof document === 'undefined') return null
    const drawn = document.getElementById(id) as HTMLTextAreaElement | null
    return drawn?.value ?? null
  })
  const field = useRef<HTMLTextAreaElement>(null)
  useLayoutEffect(() => {
    if (typed !== null && field.current) field.current.value = typed
  }, [typed])
  return field
}
