'use client'
import { useEffect, useState } from 'react'
import { readTyping, type Typing } from '#lib/imei/typing.ts'
import { useField } from './form-context.ts'

interface ImeiLiveWords {
  readonly right: string
  readonly right14: string
  readonly check_digit: string
  readonly letters: string
  readonly length: string
}

const REST: Typing = { count: 0, state: 'empty', grouped: null }

/** Shows, while the IMEI field `name` is typed in, its number of digits and whether the check digit fits. */
export function ImeiLive({ name, words }: { readonly name: string; readonly words: ImeiLiveWords }) {
  const { id } = useField(name, false)
  const [typing, setTyping] = useState(REST)
  useEffect(() => {
    const input = document.getElementById(id) as HTMLInputElement | null
    if (input === null) return
    const look = () => setTyping(readTyping(input.value))
    const group = () => {
      const { grouped } = readTyping(input.value)
      if (grouped !== null) input.value = grouped
    }
    look()
    input.addEventListener('input', look)
    input.addEventListener('change', group)
    return () => {
      input.removeEventListener('input', look)
      input.removeEventListener('change', group)
    }
  }, [id])
  const { count, state } = typing
  const said = state in words ? words[state as keyof ImeiLiveWords] : null
  return (
    <div className="imei-live" data-state={state}>
      {state === 'empty' ? null : (
        <span className="num" aria-hidden="true">
          {count}/15
        </span>
      )}
      {/* Announced when the number is complete or cannot become valid, not at each digit. */}
      <span role="status">{said}</span>
    </div>
  )
}
