import { getLocale } from 'next-intl/server'
import type { ComponentProps } from 'react'
import { pathFor, type Route } from '#messages/paths.ts'

export type LinkProps = Omit<ComponentProps<'a'>, 'href'> & {
  /** A page of this site, in the language of the page it stands on. Other addresses: a plain `<a>`. */
  readonly href: Route
}

/** Renders a plain link: the browser navigates, no router runs. */
export async function Link({ href, ...rest }: LinkProps) {
  const locale = await getLocale()
  return <a href={pathFor(locale, href)} {...rest} />
}
