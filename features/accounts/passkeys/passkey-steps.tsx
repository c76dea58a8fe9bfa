'use client'
import { type ReactNode, useContext, useEffect, useRef, useState } from 'react'
import { FormContext } from '#components/form/form-context.ts'
import { makePasskey } from '#components/form/passkey-browser.ts'
import { PasskeyButton, type PasskeyWords } from '#components/form/passkey-button.tsx'

export function PasskeySteps({
  before,
  lead,
  words,
}: {
  readonly before: ReactNode
  readonly lead: ReactNode
  readonly words: PasskeyWords
}) {
  const options = useContext(FormContext).result?.passkeyOptions
  const [answer, setAnswer] = useState<string | null>(null)
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (answer !== null) field.current?.form?.requestSubmit()
  }, [answer])
  if (options === undefined) return before
  return (
    <div className="stack" data-passkey-step>
      {lead}
      <input ref={field} type="hidden" name="passkey" value={answer ?? ''} />
      <PasskeyButton look="primary" words={words} ask={() => makePasskey(options)} answered={setAnswer} />
    </div>
  )
}
