'use client'
import { type ReactNode, useContext, useEffect, useRef, useState } from 'react'
import { Field } from './field.tsx'
import { FormContext, useField } from './form-context.ts'
import { signWithPasskey } from './passkey-browser.ts'
import { PasskeyButton, type PasskeyWords } from './passkey-button.tsx'

export interface PasskeyOffer {
  readonly path: string
  /** True where only the passkey counts; then there is no code field. */
  readonly only: boolean
  readonly words: PasskeyWords
  /** Shown instead of the field after the passkey has signed, until the form is sent. */
  readonly done: string
}

interface OtpFieldProps {
  readonly label: string
  readonly hint: ReactNode
  /** True if the page already knows that a code is needed; otherwise the field appears with the answer that asks for one. */
  readonly asked: boolean
  /** Shown instead of the field: until when no code is needed. */
  readonly note?: ReactNode
  readonly passkey?: PasskeyOffer | null
}

export function OtpField({ label, hint, asked, note = null, passkey = null }: OtpFieldProps) {
  const { error } = useField('otp', true)
  if (!asked && error === undefined) return note
  if (passkey !== null) return <PasskeyOrCode label={label} hint={hint} passkey={passkey} />
  return <Code label={label} hint={hint} />
}

const Code = ({ label, hint }: { readonly label: string; readonly hint: ReactNode }) => (
  <Field name="otp" label={label} hint={hint} type="code" />
)

/** Renders the passkey button and the code field. A form with one button is sent as soon as the passkey has signed. */
function PasskeyOrCode({
  label,
  hint,
  passkey,
}: {
  readonly label: string
  readonly hint: ReactNode
  readonly passkey: PasskeyOffer
}) {
  const { errors } = useContext(FormContext)
  const { id, error } = useField('otp', false)
  const [answer, setAnswer] = useState<string | null>(null)
  const [seen, setSeen] = useState(errors)
  const field = useRef<HTMLInputElement>(null)
  // Drops the passkey's refused signature, so that the person can try again.
  if (seen !== errors) {
    setSeen(errors)
    if (errors.otp !== undefined) setAnswer(null)
  }
  useEffect(() => {
    const form = field.current?.form
    const [only, ...more] = form?.querySelectorAll<HTMLButtonElement>('button[type=submit]') ?? []
    if (answer !== null && only && more.length === 0) form?.requestSubmit(only)
  }, [answer])
  if (answer !== null)
    return (
      <p role="status" data-passkey-done>
        <input ref={field} type="hidden" name="otp" value={answer} />
        {passkey.done}
      </p>
    )
  const button = (
    <PasskeyButton words={passkey.words} ask={() => signWithPasskey(passkey.path)} answered={setAnswer} />
  )
  if (!passkey.only)
    return (
      <div className="stack">
        {button}
        <Code label={label} hint={hint} />
      </div>
    )
  return (
    <div className="stack" id={id} tabIndex={-1}>
      {button}
      {error === undefined ? null : <p className="text-red">{error}</p>}
    </div>
  )
}
