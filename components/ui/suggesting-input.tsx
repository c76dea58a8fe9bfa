'use client'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'

interface SearchSuggestion {
  readonly href: string
  readonly name: string
  /** The name that matched, if it is not the item's own: a former name, or its district. */
  readonly note: string
}

/** The maximum number of suggestions; a phone shows fewer above its keyboard. */
const MOST = 8

/** Returns the suggestions in a page of results: its links with `data-suggestion`, the name. */
function suggestionsIn(results: Document): readonly SearchSuggestion[] {
  const links = [...results.querySelectorAll<HTMLAnchorElement>('a[data-suggestion]')]
  return links.slice(0, MOST).map((link) => ({
    href: link.getAttribute('href') ?? '',
    name: link.dataset.suggestion ?? '',
    note:
      link.querySelector('small')?.textContent ??
      link.closest<HTMLElement>('[data-suggested-as]')?.dataset.suggestedAs ??
      '',
  }))
}

/** Returns the index after an arrow key, cycling through -1 (the field itself). */
export const moveChoice = (active: number, by: 1 | -1, count: number): number =>
  ((active + 1 + by + count + 1) % (count + 1)) - 1

/** Milliseconds without typing before suggestions are requested. */
const REST = 200

interface SuggestingInputProps {
  readonly id: string
  readonly name: string
  readonly query: string
  readonly describedBy: string
  /** Address of the search page. Its links are the suggestions, so both always agree. */
  readonly action: string
  /** Accessible name of the list. */
  readonly list: string
  /** Announces the number of suggestions; `{count}` is filled in here. */
  readonly count: string
}

/** Renders a search field with suggestions (ARIA 1.2, combobox with a listbox). Enter without a choice sends the form. */
export function SuggestingInput({ id, name, query, describedBy, action, list, count }: SuggestingInputProps) {
  const [offered, setOffered] = useState<readonly SearchSuggestion[]>([])
  const [active, setActive] = useState(-1)
  const [said, setSaid] = useState('')
  const input = useRef<HTMLInputElement>(null)
  const asking = useRef<AbortController | null>(null)
  const rest = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const stop = () => {
    clearTimeout(rest.current)
    asking.current?.abort()
  }

  const close = () => {
    stop()
    setOffered([])
    setActive(-1)
    setSaid('')
  }
  const ask = async (typed: string) => {
    const controller = new AbortController()
    asking.current = controller
    const { signal } = controller
    try {
      const answer = await fetch(`${action}?${new URLSearchParams({ [name]: typed })}`, { signal })
      if (!answer.ok) return close()
      const found = suggestionsIn(new DOMParser().parseFromString(await answer.text(), 'text/html'))
      if (signal.aborted) return
      setOffered(found)
      setActive(-1)
      setSaid(count.replace('{count}', String(found.length)))
    } catch {
      if (!signal.aborted) close()
    }
  }
  const type = (field: HTMLInputElement) => {
    stop()
    const typed = field.value.trim()
    if (typed === '') return close()
    rest.current = setTimeout(() => void ask(typed), REST)
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, for what was typed before this script ran.
  useEffect(() => {
    const field = input.current
    if (field !== null && field === document.activeElement && field.value !== query) type(field)
    return stop
  }, [])
  const press = (event: KeyboardEvent<HTMLInputElement>) => {
    // An input method is still composing a Vietnamese letter.
    if (event.nativeEvent.isComposing || offered.length === 0) return
    const chosen = offered[active]
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      setActive(moveChoice(active, event.key === 'ArrowDown' ? 1 : -1, offered.length))
    } else if (event.key === 'Escape') {
      // The browser would empty the field.
      event.preventDefault()
      close()
    } else if (event.key === 'Enter' && chosen !== undefined) {
      event.preventDefault()
      location.assign(chosen.href)
    }
  }
  const option = (at: number) => `${id}-option-${at}`
  return (
    <div className="suggest">
      <input
        ref={input}
        className="control"
        id={id}
        name={name}
        type="search"
        defaultValue={query}
        autoComplete="off"
        role="combobox"
        aria-autocomplete="list"
        aria-expanded={offered.length > 0}
        aria-controls={`${id}-list`}
        aria-activedescendant={active === -1 ? undefined : option(active)}
        aria-describedby={describedBy}
        onChange={({ currentTarget }) => type(currentTarget)}
        onKeyDown={press}
        onBlur={close}
      />
      <div id={`${id}-list`} role="listbox" aria-label={list} hidden={offered.length === 0}>
        {offered.map(({ href, name, note }, at) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the focus and its keys.
          <div
            key={`${href} ${note}`}
            id={option(at)}
            role="option"
            tabIndex={-1}
            aria-selected={at === active}
            // Keeps the focus in the field; otherwise the list closes before the click.
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => location.assign(href)}
          >
            {name}
            {note === '' ? null : <small>{note}</small>}
          </div>
        ))}
      </div>
      <p className="sr-only" role="status">
        {said}
      </p>
    </div>
  )
}
