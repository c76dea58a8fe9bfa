/** Something that a search may mean, and where it leads. */
export interface SearchSuggestion {
  readonly href: string
  readonly name: string
  /** The name that it was found by, where that is not its own: a former name, or the district around it. */
  readonly note: string
}

/** The most suggestions: already more than a phone shows above its keyboard. */
const MOST = 8

/**
 * Returns the suggestions in a page of results: its links with `data-suggestion`, which is the name. The note is in the
 * link's `small`, or in `data-suggested-as` around it.
 */
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

/** Returns the place of the suggestion that a key leads to, from -1 (the field itself) round to -1 again. */
export const moveChoice = (active: number, by: 1 | -1, count: number): number =>
  ((active + 1 + by + count + 1) % (count + 1)) - 1
