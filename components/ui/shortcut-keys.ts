interface Press {
  readonly key: string
  readonly ctrlKey: boolean
  readonly altKey: boolean
  readonly metaKey: boolean
  readonly shiftKey: boolean
}

/** A `+` between a modifier and its key; at the end it is the key itself. */
const BETWEEN = /\+(?=.)/

const MODIFIERS = ['Control', 'Alt', 'Meta', 'Shift'] as const

/** Parses a value of `aria-keyshortcuts`: alternatives separated by spaces, modifiers before `+` (WAI-ARIA 1.2). */
export function combinationsOf(attribute: string): readonly {
  readonly key: string
  readonly modifiers: readonly string[]
}[] {
  return attribute
    .split(' ')
    .filter((text) => text !== '')
    .map((text) => {
      const parts = text.split(BETWEEN)
      const key = parts.at(-1) ?? ''
      return { key, modifiers: parts.slice(0, -1) }
    })
}

/** Checks a key press against combinations of `aria-keyshortcuts`. For a sign such as `?`, Shift is ignored. */
export function isPress(attribute: string, press: Press): boolean {
  const pressed = new Set(
    MODIFIERS.filter(
      (name) =>
        ({ Control: press.ctrlKey, Alt: press.altKey, Meta: press.metaKey, Shift: press.shiftKey })[name],
    ) as readonly string[],
  )
  return combinationsOf(attribute).some(({ key, modifiers }) => {
    if (key.toLowerCase() !== press.key.toLowerCase()) return false
    const isSign = key.length === 1 && !/[\p{L}\p{N}]/u.test(key)
    return MODIFIERS.every(
      (name) => (isSign && name === 'Shift') || pressed.has(name) === modifiers.includes(name),
    )
  })
}

/** Returns whether a combination may act while a person types: it needs a modifier that makes no letter. */
export const actsWhileTyping = ({ ctrlKey, altKey, metaKey, key }: Press): boolean =>
  (ctrlKey || metaKey) && !altKey && key === 'Enter'

/** Returns the names of the keys on a keyboard: `Control+Enter` gives `['Ctrl', 'Enter']`. */
export const keyCaps = (combination: string): readonly string[] =>
  combination
    .split(BETWEEN)
    .map((part) => (part === 'Control' ? 'Ctrl' : part.length === 1 ? part.toUpperCase() : part))

/** Returns the index of the next row from `current` (-1: none), or null at either end. */
export function nextRow(current: number, count: number, key: 'j' | 'k'): number | null {
  if (count === 0) return null
  if (current < 0) return key === 'j' ? 0 : count - 1
  const next = current + (key === 'j' ? 1 : -1)
  return next < 0 || next >= count ? null : next
}
