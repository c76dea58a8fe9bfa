'use client'
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { foldDiacritics } from '#lib/text-normalization.ts'
import { combinationsOf, keyCaps } from './shortcut-keys.ts'
import { nameTarget, pressTarget, usable } from './shortcut-targets.ts'

export interface PaletteWords {
  readonly title: string
  readonly label: string
  /** `{text}` is the placeholder for the typed text. */
  readonly search: string
  readonly none: string
}

interface Command {
  readonly name: string
  readonly keys: readonly string[]
  readonly run: () => void
}

const MOST = 12

/** Lists the commands of this page: elements with a key, and the links of its menus. */
function commandsHere(): Command[] {
  const keyed = usable('[aria-keyshortcuts]').map((element) => ({
    name: nameTarget(element),
    keys: keyCaps(
      combinationsOf(element.getAttribute('aria-keyshortcuts') ?? '')
        .slice(0, 1)
        .map(({ key, modifiers }) => [...modifiers, key].join('+'))
        .join(''),
    ),
    // An answer with a key of its own is chosen, not focused.
    run: () => (element.dataset.press ? element.click() : pressTarget(element)),
  }))
  const links = [
    ...document.querySelectorAll<HTMLAnchorElement>(
      '.queue-views a, .desk-top nav a, .desk-menu > a, .work-list [data-row]',
    ),
  ].map((link) => ({ name: nameTarget(link), keys: [], run: () => link.click() }))
  const seen = new Set<string>()
  return [...keyed, ...links].filter(({ name }) => name !== '' && !seen.has(name) && seen.add(name))
}

function searchFor(text: string): void {
  const field = document.querySelector<HTMLInputElement>('.desk-search input[name="q"]')
  if (!field) return
  field.value = text
  field.form?.requestSubmit()
}

/** Renders the command palette: it opens on Ctrl+K, and lists the page's commands and a search for the typed text. */
export function Palette({ words }: { readonly words: PaletteWords }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const list = useId()
  const [commands, setCommands] = useState<readonly Command[]>([])
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)

  useEffect(() => {
    const pressed = (event: globalThis.KeyboardEvent) => {
      if (
        event.key.toLowerCase() !== 'k' ||
        !(event.ctrlKey || event.metaKey) ||
        event.altKey ||
        event.shiftKey
      )
        return
      if (document.querySelector('dialog[open]')) return
      event.preventDefault()
      setCommands(commandsHere())
      setText('')
      setAt(0)
      dialog.current?.showModal()
    }
    document.addEventListener('keydown', pressed)
    return () => document.removeEventListener('keydown', pressed)
  }, [])

  const sought = foldDiacritics(text.trim())
  const canSearch = text.trim() !== '' && document.querySelector('.desk-search input[name="q"]') !== null
  const found = [
    ...commands
      .filter(({ name }) => sought.split(' ').every((part) => foldDiacritics(name).includes(part)))
      .slice(0, MOST),
    ...(canSearch
      ? [{ name: words.search.replace('{text}', text.trim()), keys: [], run: () => searchFor(text.trim()) }]
      : []),
  ]
  const choose = (command: Command | undefined) => {
    if (!command) return
    dialog.current?.close()
    command.run()
  }
  const steer = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step !== 0) setAt((now) => (now + step + found.length) % Math.max(1, found.length))
    else if (event.key === 'Enter') choose(found[at])
    else return
    event.preventDefault()
  }
  return (
    <dialog ref={dialog} className="keys-dialog palette" aria-label={words.title}>
      <input
        className="control"
        role="combobox"
        aria-label={words.label}
        aria-expanded="true"
        aria-controls={list}
        aria-activedescendant={found.length > 0 ? `${list}-${at}` : undefined}
        placeholder={words.label}
        autoComplete="off"
        value={text}
        onChange={({ target }) => {
          setText(target.value)
          setAt(0)
        }}
        onKeyDown={steer}
      />
      <div id={list} role="listbox" aria-label={words.title} tabIndex={-1}>
        {found.map((command, index) => (
          <div
            key={command.name}
            id={`${list}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            onClick={() => choose(command)}
            onKeyDown={() => undefined}
          >
            <span>{command.name}</span>
            <span>
              {command.keys.map((cap) => (
                <kbd key={cap}>{cap}</kbd>
              ))}
            </span>
          </div>
        ))}
      </div>
      {found.length === 0 ? <p>{words.none}</p> : null}
    </dialog>
  )
}
