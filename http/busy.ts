import '#server-only'
import { addMilliseconds, MINUTE } from '#lib/time.ts'
import { catalogue } from '#messages/catalogue.ts'
import { formatInstant } from '#messages/dates.ts'
import type { Locale } from '#messages/routing.ts'
import { problem } from './problem.ts'
import { refused } from './refusal-page.ts'

/** 503: the server is overloaded for everybody; 429: this client sent too many requests. */
const TITLES = { 503: 'Too much is asked for at this moment', 429: 'Too many requests' } as const

/** Returns an answer with `Retry-After`: a page for a browser, a problem document for a program. */
export function retryLater(
  request: Request,
  locale: Locale,
  { status, seconds }: { readonly status: keyof typeof TITLES; readonly seconds: number },
): Response {
  const retry = { 'retry-after': String(seconds) }
  if (!(request.headers.get('accept') ?? '').includes('text/html'))
    return problem(
      { status, code: status === 503 ? 'busy' : 'too-many-requests', title: TITLES[status] },
      retry,
    )
  const { errors } = catalogue[locale]
  const words = errors[status === 503 ? 'busy' : 'often']
  // The page shows whole minutes. One minute is added so that the wait is over at the displayed time.
  const over = addMilliseconds(new Date(), seconds * 1000 + MINUTE)
  const text = words.text.replace('{time}', formatInstant(locale, over, 'time'))
  return refused(locale, { ...words, text }, status, retry)
}
