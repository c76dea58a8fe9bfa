import { focusFirstField } from './first-field.ts'

// The elements that a page's keys act on are found in the page itself.

const TYPED =
  'textarea, select, [contenteditable=""], [contenteditable="true"], input:not([type="checkbox"], [type="radio"], [type="button"], [type="submit"], [type="file"], [type="range"])'

export const isTyping = (target: EventTarget | null): target is HTMLElement =>
  target instanceof HTMLElement && target.matches(TYPED)

const isSeen = (element: Element): boolean => element.checkVisibility({ visibilityProperty: true })

/** Selector of folds whose summaries react to their keys while the fold is closed; a press opens it. */
const KEYS_WITHIN = 'details[data-keys-within]'

function isReached(element: HTMLElement): boolean {
  if (isSeen(element)) return true
  // A closed fold may have no box, but its summary has one.
  const opener = element.closest(KEYS_WITHIN)?.querySelector(':scope > summary')
  return element.localName === 'summary' && opener != null && isSeen(opener)
}

const isUsable = (element: HTMLElement): boolean =>
  isReached(element) && element.getAttribute('aria-disabled') !== 'true' && !element.matches(':disabled')

export const usable = (selector: string, within: ParentNode = document): HTMLElement[] =>
  [...within.querySelectorAll<HTMLElement>(selector)].filter(isUsable)

/** Returns the element with a field's name: the label, or for radios the legend, because a key focuses the whole group. */
function labelOf(element: HTMLElement): Element | null | undefined {
  if (element instanceof HTMLInputElement && element.type === 'radio')
    return element.closest('fieldset')?.querySelector('legend') ?? element.labels?.[0]
  const isField =
    element instanceof HTMLInputElement ||
    element instanceof HTMLSelectElement ||
    element instanceof HTMLTextAreaElement
  return isField ? element.labels?.[0] : null
}

/** Returns an element's name, without the keys drawn on it. */
export function nameTarget(element: HTMLElement): string {
  const label = labelOf(element)
  const said = element.getAttribute('aria-label')
  if (said) return said
  // An answer with a key of its own is named by its question and itself.
  const own = element instanceof HTMLInputElement && element.dataset.press ? element.labels?.[0] : null
  if (own && label) return `${textOf(label)}: ${textOf(own)}`
  return textOf(label ?? element)
}

function textOf(element: Element): string {
  const copy = element.cloneNode(true) as HTMLElement
  for (const drawn of copy.querySelectorAll('kbd, svg, [aria-hidden="true"]')) drawn.remove()
  return (copy.textContent ?? '').replace(/\s+/g, ' ').trim()
}

/** Opens a fold, or leaves it open, and focuses its first field. The fold's own script may not have started yet. */
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
  // A key focuses a field or choice; it does not choose.
  element.focus()
  if (element instanceof HTMLInputElement && element.type !== 'radio') element.select()
}
