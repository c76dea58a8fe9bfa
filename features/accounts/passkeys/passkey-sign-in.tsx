'use client'
import { useRef } from 'react'
import { signWithPasskey } from '#components/form/passkey-browser.ts'
import { PasskeyButton, type PasskeyWords } from '#components/form/passkey-button.tsx'

export function PasskeySignIn({ words }: { readonly words: PasskeyWords }) {
  const field = useRef<HTMLInputElement>(null)
  const answered = (answer: string) => {
    if (field.current) field.current.value = answer
    field.current?.form?.submit()
  }
  return (
    <>
      <input ref={field} type="hidden" name="passkey" />
      <PasskeyButton words={words} ask={() => signWithPasskey('/api/auth/passkey')} answered={answered} />
    </>
  )
}
