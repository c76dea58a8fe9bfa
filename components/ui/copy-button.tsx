'use client'
import { useEffect, useState } from 'react'

/**
 * Copies a value. Absent without a script or a clipboard: the value can always be selected by hand. It has its place from the
 * start, so that nothing below moves when the script comes.
 */
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
