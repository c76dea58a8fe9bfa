import type { Route } from '#messages/paths.ts'
import type { Pathname } from '#messages/routing.ts'

export interface Section {
  readonly href: Route
  /** A page of the section that is not below its address. */
  readonly also?: Pathname
}

const pathnameOf = (route: Route): Pathname => (typeof route === 'string' ? route : route.pathname)

/**
 * Returns the section of a page. Where two sections match, such as the survey and its comments, it is the more specific one. Null
 * is the page of an address that does not exist.
 */
export function currentSection<S extends Section>(
  sections: readonly S[],
  page: Pathname | null,
): S | undefined {
  const isIn = (own: Pathname | undefined) =>
    own !== undefined && (page === own || page?.startsWith(`${own}/`))
  return sections
    .filter(({ href, also }) => isIn(pathnameOf(href)) || isIn(also))
    .toSorted((a, b) => pathnameOf(b.href).length - pathnameOf(a.href).length)[0]
}
