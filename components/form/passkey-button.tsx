'use client'
import { useEffect, useState } from 'react'
import type { PasskeyAnswer } from './passkey-browser.ts'

export interface PasskeyWords {
  readonly use: string
  readonly asking: string
  /** Shown instead of the button where no script runs. */
  readonly scriptless: string
  readonly unsupported: string
  readonly cancelled: string
  readonly known: string
  readonly failed: string
}

/** Renders a button that asks the browser for a passkey and explains failures. Without a script it shows `scriptless` only. */
export function PasskeyButton({
  words,
  ask,
  answered,
  look = 'quiet',
}: {
  readonly words: PasskeyWords
  readonly ask: () => Promise<PasskeyAnswer>
  readonly answered: (answer: string) => void
  readonly look?: 'primary' | 'quiet'
}) {
  const [ready, setReady] = useState(false)
  const [asking, setAsking] = useState(false)
  const [fault, setFault] = useState<keyof PasskeyWords | null>(null)
  // A press before the script has run would be lost without a message.
  useEffect(() => setReady(true), [])
  const press = async () => {
    if (asking) return
    setAsking(true)
    setFault(null)
    const came = await ask()
    setAsking(false)
    if ('answer' in came) answered(came.answer)
    else setFault(came.fault)
  }
  return (
    <>
      <p className="without-script text-sm text-soft">{words.scriptless}</p>
      <div className="needs-script stack">
        <p>
          <button
            type="button"
            className="button"
            data-look={look}
            data-passkey
            disabled={!ready}
            aria-disabled={asking || undefined}
            onClick={press}
          >
            {asking ? words.asking : words.use}
          </button>
        </p>
        <p role="status" className="text-red empty:hidden">
          {fault === null ? null : words[fault]}
        </p>
      </div>
    </>
  )
}
