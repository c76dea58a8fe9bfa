'use client'
import { useState } from 'react'
import { KeyCap } from '#components/ui/key-cap.tsx'
import type { CheckField, GivenCheck } from './rules.ts'

interface ByMachineProps {
  readonly suggestion: GivenCheck
  /** The questions by their short names, each with the suggested answer in words, or null. */
  readonly says: readonly {
    readonly field: CheckField
    readonly short: string
    readonly answer: string | null
  }[]
  readonly words: { readonly button: string; readonly set: string; readonly left: string }
}

/**
 * Fills in at one press the answers that the machine has read or that follow from the kind of evidence, and says so. Focuses the
 * first question left open. Offered only after the person has opened the evidence.
 */
export function ByMachine({ suggestion, says, words }: ByMachineProps) {
  const [done, setDone] = useState(false)
  const list = (some: ByMachineProps['says']) =>
    some.map(({ short, answer }) => (answer ? `${short}: ${answer}` : short)).join(', ')
  const open = says.filter(({ answer }) => answer === null)
  return (
    <>
      <button
        type="button"
        className="button needs-script"
        data-look="quiet"
        data-size="small"
        aria-keyshortcuts="y"
        onClick={({ currentTarget: { form } }) => {
          for (const [field, value] of Object.entries(suggestion))
            form?.querySelector<HTMLInputElement>(`input[name="${field}"][value="${value}"]`)?.click()
          const first = open.find(({ field }) => !form?.querySelector(`input[name="${field}"]:checked`))
          form?.querySelector<HTMLInputElement>(`input[name="${first?.field}"]`)?.focus()
          setDone(true)
        }}
      >
        {words.button} <KeyCap of="Y" />
      </button>
      <p className="by-machine" role="status">
        {done ? `${words.set} ${list(says.filter(({ answer }) => answer !== null))}.` : null}
        {done && open.length > 0 ? ` ${words.left} ${list(open)}.` : null}
      </p>
    </>
  )
}
