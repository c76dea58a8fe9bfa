import { Button } from './button.tsx'

export interface SearchBoxProps {
  /** The page that answers. */
  readonly action: string
  readonly label: string
  readonly hint: string
  readonly find: string
  readonly query: string
  /** What else stays in the address, such as the list's filters. */
  readonly keep?: Readonly<Record<string, string>>
  /** The key that leads to it (`aria-keyshortcuts`). */
  readonly shortcut?: string
}

/** Renders a plain GET form: what was looked for is in the address, where it can be kept and shared. */
export function SearchBox({ action, label, hint, find, query, keep = {}, shortcut }: SearchBoxProps) {
  return (
    <search>
      <form action={action} method="get" className="field">
        <label htmlFor="q">{label}</label>
        <div className="hint" id="q-hint">
          {hint}
        </div>
        {Object.entries(keep).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <div className="flex gap-2">
          <input
            className="control"
            id="q"
            name="q"
            type="search"
            defaultValue={query}
            autoComplete="off"
            aria-describedby="q-hint"
            aria-keyshortcuts={shortcut}
          />
          <Button look="quiet">{find}</Button>
        </div>
      </form>
    </search>
  )
}
