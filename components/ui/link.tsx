import { getLocale } from 'next-intl/server'
import type { ComponentProps } from 'react'
import { pathFor, type Route } from '#messages/paths.ts'

export type LinkProps = Omit<ComponentProps<'a'>, 'href'> & {
  /** A page of this site, in the current language. For other addresses use a plain `<a>`. */
  readonly href: Route
}

/** Renders a plain link: the browser navigates, without Next's router. */
export async function Link({ href, ...rest }: LinkProps) {
  const locale = await getLocale()
  return <a href={pathFor(locale, href)} {...rest} />
}
