import { headers } from 'next/headers'
import { pathFor } from '#messages/paths.ts'
import type { Locale } from '#messages/routing.ts'

/** Returns the list that the person works through, from the page's address. */
export const streamHere = async (): Promise<string | undefined> =>
  new URLSearchParams((await headers()).get('x-search') ?? '').get('in') ?? undefined

export const casePath = async (
  locale: Locale,
  number: string,
  query: Readonly<Record<string, string | undefined>>,
): Promise<string> =>
  pathFor(locale, {
    pathname: '/admin/cases/[number]',
    params: { number },
    query: { ...query, in: await streamHere() },
  })
