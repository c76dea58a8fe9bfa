import { Button } from './button.tsx'

export interface SearchBoxProps {
  /** The page that answers. */
  readonly action: string
  readonly label: string
  readonly hint: string
  readonly find: string
  readonly query: string
}

/** Renders a plain GET form: what was looked for is in the address, where it can be kept and shared. */
export function SearchBox({ action, label, hint, find, query }: SearchBoxProps) {
  return (
    <search>
      <form action={action} method="get" className="field">
        <label htmlFor="q">{label}</label>
        <div className="hint" id="q-hint">
          {hint}
        </div>
        <div className="flex gap-2">
          <input
            className="control"
            id="q"
            name="q"
            type="search"
            defaultValue={query}
            autoComplete="off"
            aria-describedby="q-hint"
          />
          <Button look="quiet">{find}</Button>
        </div>
      </form>
    </search>
  )
}
