'use client'
import { useEffect, useState } from 'react'

/** Renders a button that copies a value; absent without a script. Its space is reserved, so that nothing moves. */
export function CopyButton({
  value,
  label,
  done,
}: {
  readonly value: string
  readonly label: string
  readonly done: string
}) {
  const [state, setState] = useState<'absent' | 'ready' | 'done'>('ready')
  useEffect(() => {
    if (!navigator.clipboard) setState('absent')
  }, [])
  if (state === 'absent') return null
  return (
    <button
      type="button"
      className="copy needs-script print-hidden"
      onClick={() => {
        navigator.clipboard.writeText(value).then(
          () => setState('done'),
          () => setState('absent'),
        )
      }}
    >
      <span aria-live="polite">{state === 'done' ? done : label}</span>
      <span className="sr-only"> {value}</span>
    </button>
  )
}
