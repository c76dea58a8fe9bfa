'use client'
import { useContext, useEffect, useRef } from 'react'
import { FormContext } from '#components/form/form-context.ts'
import { allValues } from '#lib/raw-form.ts'
import type { AnswerStep } from './rules.ts'

/**
 * Removes the faults of a step's fields while they are corrected, by the server's own rules. The rules are loaded
 * only when there is a fault.
 */
export function MendStep({ step }: { readonly step: AnswerStep }) {
  const { errors, values, mend } = useContext(FormContext)
  const root = useRef<HTMLSpanElement>(null)
  const isFaulty = Object.keys(errors).length > 0
  useEffect(() => {
    const form = root.current?.closest('form')
    if (!isFaulty || !form || mend === undefined) return
    let ended = false
    let look = () => {}
    const listen = () => look()
    form.addEventListener('input', listen)
    void import('./report-rules.ts').then(({ readStep }) => {
      look = () => {
        if (ended) return
        const typed = Object.fromEntries(
          [...new FormData(form)].flatMap(([name, text]) => (typeof text === 'string' ? [[name, text]] : [])),
        )
        // The question about a mistyped address stays until the address changes.
        const { faults } = readStep(step, { ...typed, contactEmailAsked: '' }, context(form))
        const isAnother = (name: string) => {
          const refused = allValues(values, name)[0] ?? ''
          return refused === '' || typed[name] !== refused
        }
        mend(Object.keys(errors).filter((name) => faults[name] === undefined && isAnother(name)))
      }
      // Checks what was typed before the rules were loaded.
      look()
    })
    return () => {
      ended = true
      form.removeEventListener('input', listen)
    }
  }, [isFaulty, errors, values, mend, step])
  return <span ref={root} hidden />
}

/** The areas come from a list, so any area other than the refused one counts as right. */
const context = (form: HTMLFormElement) => ({
  areas: (area: string) => (area === '' ? ('empty' as const) : { area }),
  now: new Date(),
  phones: form.elements.namedItem('contactPhone') !== null,
})
