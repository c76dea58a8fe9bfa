import { focusFirstField } from './first-field.ts'

// What the keys of a page act on, found on the page itself.

const TYPED =
  'textarea, select, [contenteditable=""], [contenteditable="true"], input:not([type="checkbox"], [type="radio"], [type="button"], [type="submit"], [type="file"], [type="range"])'

export const isTyping = (target: EventTarget | null): target is HTMLElement =>
  target instanceof HTMLElement && target.matches(TYPED)

const isSeen = (element: Element): boolean => element.checkVisibility({ visibilityProperty: true })

/** A fold whose summaries act by their keys while it is closed: pressing one opens it. */
const KEYS_WITHIN = 'details[data-keys-within]'

/** Tells whether an element is seen, or is one of the summaries of such a fold that is. */
function isReached(element: HTMLElement): boolean {
  if (isSeen(element)) return true
  // A closed fold may have no box: its summary has one.
  const opener = element.closest(KEYS_WITHIN)?.querySelector(':scope > summary')
  return element.localName === 'summary' && opener != null && isSeen(opener)
}

const isUsable = (element: HTMLElement): boolean =>
  isReached(element) && element.getAttribute('aria-disabled') !== 'true' && !element.matches(':disabled')

export const usable = (selector: string, within: ParentNode = document): HTMLElement[] =>
  [...within.querySelectorAll<HTMLElement>(selector)].filter(isUsable)

/** Returns what names a field: of a choice among several its question, as a key leads to them all. */
function labelOf(element: HTMLElement): Element | null | undefined {
  if (element instanceof HTMLInputElement && element.type === 'radio')
    return element.closest('fieldset')?.querySelector('legend') ?? element.labels?.[0]
  const isField =
    element instanceof HTMLInputElement ||
    element instanceof HTMLSelectElement ||
    element instanceof HTMLTextAreaElement
  return isField ? element.labels?.[0] : null
}

/** Returns what an element is called, without the keys that are drawn on it. */
export function nameTarget(element: HTMLElement): string {
  const label = labelOf(element)
  const said = element.getAttribute('aria-label')
  if (said) return said
  // Of an answer with a key of its own, the question and the answer.
  const own = element instanceof HTMLInputElement && element.dataset.press ? element.labels?.[0] : null
  if (own && label) return `${textOf(label)}: ${textOf(own)}`
  return textOf(label ?? element)
}

function textOf(element: Element): string {
  const copy = element.cloneNode(true) as HTMLElement
  for (const drawn of copy.querySelectorAll('kbd, svg, [aria-hidden="true"]')) drawn.remove()
  return (copy.textContent ?? '').replace(/\s+/g, ' ').trim()
}

/** Opens a fold, or leaves it open, and focuses its first field: its own script may not have begun yet. */
function unfold(summary: HTMLElement): void {
  const outer = summary.closest<HTMLDetailsElement>(KEYS_WITHIN)
  if (outer) outer.open = true
  const folded = summary.closest('details')
  if (!folded?.open) summary.click()
  focusFirstField(folded)
}

export function pressTarget(element: HTMLElement): void {
  if (element.localName === 'summary') {
    unfold(element)
    return
  }
  const leads = element.matches(TYPED) || (element instanceof HTMLInputElement && element.type === 'radio')
  if (!leads) {
    element.click()
    return
  }
  // A key leads to a field, and to a choice without choosing.
  element.focus()
  if (element instanceof HTMLInputElement && element.type !== 'radio') element.select()
}
