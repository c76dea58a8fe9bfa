export interface SearchSuggestion {
  readonly href: string
  readonly name: string
  /** The name that matched, if it is not the item's own: a former name, or its district. */
  readonly note: string
}

/** The maximum number of suggestions; a phone shows fewer above its keyboard. */
const MOST = 8

/** Returns the suggestions in a page of results: its links with `data-suggestion`, the name. */
export function suggestionsIn(results: Document): readonly SearchSuggestion[] {
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
