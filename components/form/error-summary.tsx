'use client'
import { useContext, useEffect, useRef } from 'react'
import { FormContext, fieldId } from './form-context.ts'

/** Lists the errors on top of a form, with a link to each field. Takes the focus after a failed submit. */
export function ErrorSummary({ notice }: { readonly notice?: string | undefined }) {
  const { errors, told = errors, names, words, scope } = useContext(FormContext)
  const box = useRef<HTMLDivElement>(null)
  const faults = Object.entries(errors)
  const shown = faults.length > 0 || notice !== undefined
  // Every answer is a new object, so a second failed submit takes the focus again. A corrected field does not.
  // biome-ignore lint/correctness/useExhaustiveDependencies: `told` is what changes with an answer
  useEffect(() => {
    if (shown) box.current?.focus()
  }, [shown, told])
  // Without a script, the page title has the prefix already (app/[locale]/layout.tsx).
  useEffect(() => {
    if (!shown || words.errorTitle === '') return
    const before = document.title
    // The server has added the prefix already if the form was sent before the script ran.
    const prefix = `${words.errorTitle}: `
    if (before.startsWith(prefix)) return
    document.title = `${prefix}${before}`
    return () => {
      document.title = before
    }
  }, [shown, words.errorTitle])
  if (!shown) return null
  return (
    <div className="summary stack" role="alert" tabIndex={-1} ref={box} data-error-summary="">
      <h2>{faults.length > 0 ? words.summary : notice}</h2>
      {faults.length > 0 && notice !== undefined ? <p>{notice}</p> : null}
      {faults.length > 0 ? (
        <ul className="space-y-1">
          {faults.map(([name, text]) => (
            <li key={name}>
              <a href={`#${fieldId(scope, name)}`}>
                {names[name] === undefined ? (
                  text
                ) : (
                  <>
                    {names[name]}
                    <span className="summary-fault">: {text}</span>
                  </>
                )}
              </a>
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  )
}
