'use client'
import { Fragment, useEffect, useRef, useState } from 'react'
import { Palette, type PaletteWords } from './palette.tsx'
import { actsWhileTyping, combinationsOf, isPress, keyCaps, nextRow } from './shortcut-keys.ts'
import { isTyping, nameTarget, pressTarget, usable } from './shortcut-targets.ts'

interface ShortcutsProps {
  /** True where the person switched keys off: the page's keys do nothing, and no element announces one. */
  readonly off: boolean
  readonly words: {
    readonly title: string
    readonly close: string
    readonly note: string
    readonly rows: string
    readonly toggle: string
    readonly range: string
    readonly palette: string
    readonly leave: string
    readonly all: string
  }
  readonly paletteWords: PaletteWords
}

interface Listed {
  readonly keys: readonly string[]
  readonly name: string
}

/** Finds the answer for a physical key, independent of any input method. */
function answerOf({ code, ctrlKey, altKey, metaKey, shiftKey }: KeyboardEvent): HTMLElement | null {
  if (ctrlKey || altKey || metaKey || shiftKey || !/^(Key[A-Z]|Digit\d)$/.test(code)) return null
  return usable(`[data-press="${code}"]`)[0] ?? null
}

/** Finds the element that a key press acts on: first in the focused form, then on the page. */
function targetOf(event: KeyboardEvent): HTMLElement | null {
  const found = usable('[aria-keyshortcuts]').filter((element) =>
    isPress(element.getAttribute('aria-keyshortcuts') ?? '', event),
  )
  const focused = event.target instanceof HTMLElement ? event.target : null
  const form = focused?.closest('form')
  const own = form && found.find((element) => form.contains(element))
  if (own) return own
  // With several forms, only the focus decides which one Ctrl+Enter sends.
  if (event.key === 'Enter' && (found.length > 1 || (form && isTyping(focused)))) return null
  return found[0] ?? null
}

const rowOf = (link: Element): Element => link.closest('tr, li, article') ?? link

function move(key: 'j' | 'k'): boolean {
  const focused = document.activeElement
  const list = focused?.closest('[data-rows]') ?? usable('[data-rows]')[0]
  if (!list) return false
  const rows = usable('[data-row]', list)
  const has = (link: Element) => focused !== null && rowOf(link).contains(focused)
  const at = rows.findIndex(has)
  const current = at < 0 ? rows.findIndex((link) => link.matches('[aria-current]')) : at
  // At the end of the list, the key keeps the current row focused.
  const next = nextRow(current, rows.length, key) ?? current
  rows[next]?.focus({ preventScroll: true })
  rows[next]?.scrollIntoView({ block: 'nearest' })
  return true
}

/** Ticks the focused or current row; with Shift, also all rows from the last ticked one. */
function toggle(shiftKey: boolean): boolean {
  const row =
    document.activeElement?.closest('[data-rows] :is(tr, li, article)') ??
    marked()?.closest('tr, li, article')
  const box = row?.querySelector<HTMLInputElement>('input[type="checkbox"]:enabled')
  box?.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, shiftKey }))
  return box !== null && box !== undefined
}

const marked = (): HTMLElement | undefined => usable('[data-rows] [data-row][aria-current="true"]')[0]

function listed(words: ShortcutsProps['words']): Listed[] {
  const own = usable('[aria-keyshortcuts]').flatMap((element) => {
    const name = nameTarget(element)
    return combinationsOf(element.getAttribute('aria-keyshortcuts') ?? '')
      .slice(0, 1)
      .map(({ key, modifiers }) => ({ keys: keyCaps([...modifiers, key].join('+')), name }))
  })
  const seen = new Set<string>()
  const once = own.filter(({ keys }) => {
    const text = keys.join('+')
    return text !== '?' && !seen.has(text) && seen.add(text)
  })
  return [
    ...(usable('[data-rows] [data-row]').length > 0 ? [{ keys: ['J', 'K'], name: words.rows }] : []),
    ...(usable('[data-rows] input[type="checkbox"]').length > 0
      ? [
          { keys: ['X'], name: words.toggle },
          { keys: ['Shift', 'X'], name: words.range },
        ]
      : []),
    ...once,
    { keys: ['Ctrl', 'K'], name: words.palette },
    { keys: ['Esc'], name: words.leave },
    { keys: ['?'], name: words.all },
  ]
}

/** Closes an open menu (`<details data-menu>`) on Escape, and when another element is pressed or focused. */
function useMenus(): void {
  useEffect(() => {
    const open = () => document.querySelectorAll<HTMLDetailsElement>('details[data-menu][open]')
    const left = ({ target }: Event) => {
      for (const menu of open()) if (target instanceof Node && !menu.contains(target)) menu.open = false
    }
    const pressed = ({ key }: KeyboardEvent) => {
      if (key !== 'Escape') return
      for (const menu of open()) {
        menu.open = false
        menu.querySelector('summary')?.focus()
      }
    }
    const events = ['click', 'focusin'] as const
    for (const event of events) document.addEventListener(event, left)
    document.addEventListener('keydown', pressed)
    return () => {
      for (const event of events) document.removeEventListener(event, left)
      document.removeEventListener('keydown', pressed)
    }
  }, [])
}

/**
 * Handles the keys that the page's elements declare with `aria-keyshortcuts`: clicks links and buttons, focuses fields. Ignores
 * keys while a person types, keys with an undeclared modifier, and repeats of a held key. `J` and `K` move through the links
 * marked `data-row` of a list marked `data-rows`, `X` ticks the row's box, `?` lists all keys.
 */
export function Shortcuts({ off, words, paletteWords }: ShortcutsProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [keys, setKeys] = useState<readonly Listed[]>([])
  useMenus()

  useEffect(() => {
    if (off) {
      for (const element of document.querySelectorAll('[aria-keyshortcuts]'))
        element.removeAttribute('aria-keyshortcuts')
      return
    }
    const open = () => {
      setKeys(listed(words))
      dialog.current?.showModal()
    }
    const pressed = (event: KeyboardEvent) => {
      if (event.defaultPrevented || (event.isComposing && answerOf(event) === null)) return
      if (document.querySelector('dialog[open]')) return
      if (isTyping(event.target)) {
        if (event.key === 'Escape') return event.target.blur()
        if (!actsWhileTyping(event)) return
      }
      const done = (() => {
        const answer = answerOf(event)
        if (answer) {
          // Moves the focus too, so that the arrow keys continue from there.
          answer.click()
          answer.focus()
          return true
        }
        if (isPress('j', event)) return move('j')
        if (isPress('k', event)) return move('k')
        // On a newly opened page no row has the focus, so Enter opens the current one.
        const fresh = event.target === document.body || (event.target as Element | null)?.id === 'main'
        if (isPress('Enter', event) && fresh && targetOf(event) === null) {
          marked()?.click()
          return marked() !== undefined
        }
        const isTick = isPress('x Shift+x', event)
        const isOne = isTick || isPress('?', event)
        const target = isOne ? null : targetOf(event)
        if (!isOne && target === null) return false
        // A held key acts once, and does not type into the field that it has just focused.
        if (event.repeat) return true
        if (isTick) return toggle(event.shiftKey)
        if (isPress('?', event)) open()
        else if (target) pressTarget(target)
        return true
      })()
      if (done) event.preventDefault()
    }
    const clicked = (event: MouseEvent) => {
      if (event.target instanceof Element && event.target.closest('[data-all-keys]')) open()
    }
    document.addEventListener('keydown', pressed)
    document.addEventListener('click', clicked)
    document.documentElement.dataset.keysAct = ''
    return () => {
      delete document.documentElement.dataset.keysAct
      document.removeEventListener('keydown', pressed)
      document.removeEventListener('click', clicked)
    }
  }, [off, words])

  return (
    <>
      {off ? null : <Palette words={paletteWords} />}
      <dialog ref={dialog} className="keys-dialog" aria-labelledby="keys-title">
        <h2 id="keys-title">{words.title}</h2>
        <dl>
          {keys.map(({ keys: caps, name }) => (
            <div key={caps.join('+')}>
              <dt>
                {caps.map((cap) => (
                  <Fragment key={cap}>
                    <kbd>{cap}</kbd>{' '}
                  </Fragment>
                ))}
              </dt>
              <dd>{name}</dd>
            </div>
          ))}
        </dl>
        <p>{words.note}</p>
        <form method="dialog">
          <button type="submit" className="button" data-look="quiet" data-size="small">
            {words.close}
          </button>
        </form>
      </dialog>
    </>
  )
}
