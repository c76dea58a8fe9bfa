import type { ReactNode } from 'react'
import { Button } from './button.tsx'

interface SearchBoxProps {
  readonly action: string
  readonly label: string
  readonly hint: string
  readonly find: string
  readonly query: string
  /** A custom field that makes suggestions; it must have the id and name `q` and be described by `q-hint`. */
  readonly field?: ReactNode
}

/** Renders a plain GET form, so that the address contains the search and can be kept and shared. */
export function SearchBox({ action, label, hint, find, query, field }: SearchBoxProps) {
  return (
    <search>
      <form action={action} method="get" className="field">
        <label htmlFor="q">{label}</label>
        <div className="hint" id="q-hint">
          {hint}
        </div>
        <div className="flex gap-2">
          {field ?? (
            <input
              className="control"
              id="q"
              name="q"
              type="search"
              defaultValue={query}
              autoComplete="off"
              aria-describedby="q-hint"
            />
          )}
          <Button look="quiet">{find}</Button>
        </div>
      </form>
    </search>
  )
}
