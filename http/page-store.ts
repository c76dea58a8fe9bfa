import '#server-only'
import { createHash } from 'node:crypto'
import { type Instant, localDate } from '#lib/time.ts'
import { log } from '#platform/log.ts'
import { Overloaded } from '#platform/overload.ts'
import { publicStamp } from '#platform/public-stamp.ts'
import { fromReplica, readsFromReplica } from '#platform/read-replica.ts'
import { ownRequestHeaders } from './kept-pages.ts'
import { requestOwnPage } from './own-request.ts'

/** Milliseconds that a page is kept at most, because it may depend on changes that the stamp does not count. */
const LONGEST = 60_000
/** Bytes of all kept pages together; the least recently used page is dropped first. */
const ROOM = 24_000_000
/** Milliseconds in which a page must be rendered. */
const PATIENCE = 20_000

/** Removes the scripts, their preloads and the nonce from a page that does not need scripts. */
export const withoutScripts = (html: string): string =>
  html
    .replace(/<script\b[^>]*>[\s\S]*?<\/script>|<link\b[^>]*\bas="script"[^>]*>/g, '')
    // Styles come only from our own files, which the policy allows; the nonce would be that of an old answer.
    .replace(/(<link\b[^>]*) nonce="[^"]*"/g, '$1')

/** Tells whether React has sent parts of a page out of place, for a script to move. */
const isScattered = (html: string): boolean => /<(div hidden="" id="S:|template id="[BP]:)/.test(html)

/** A page without scripts, the same for everybody, with its entity tag (RFC 9110, 8.8.3). */
export interface StillPage {
  readonly html: Uint8Array<ArrayBuffer>
  readonly etag: string
}

function stillPage(html: string): StillPage {
  const etag = createHash('sha256').update(html).digest('base64url').slice(0, 22)
  return { html: new TextEncoder().encode(html), etag: `"${etag}"` }
}

type Kept = StillPage & { readonly stamp: string; readonly madeAt: number; readonly bytes: number }

/** An answer that is passed on and not kept. */
interface Passing {
  readonly status: number
  /** `location` or `retry-after`, if there is one. */
  readonly headers: Readonly<Record<string, string>>
  readonly html: string
}

const shared = globalThis as {
  antamPages?: {
    readonly pages: Map<string, Kept>
    readonly making: Map<string, Promise<Kept | Passing>>
    bytes: number
  }
}
shared.antamPages ??= { pages: new Map(), making: new Map(), bytes: 0 }
const store = shared.antamPages

/**
 * Returns the kept page, or renders it through a request to this server, once for all who wait, also while the process drains.
 * Asks the database each time whether public data has changed; if it does not answer, no page is kept. Reads from the replica, if
 * there is one.
 *
 * @throws Overloaded if the page was not rendered in time
 */
export const pageFor = (address: string, now: Instant): Promise<Kept | Passing> =>
  fromReplica(() => find(address, now)).catch((error: unknown) => {
    // Everyone who waits gets this error, with a `Retry-After`.
    throw error instanceof Error && error.name === 'TimeoutError'
      ? new Overloaded(5, { cause: error })
      : error
  })

async function find(address: string, now: Instant): Promise<Kept | Passing> {
  const stamp = await publicStamp().then(
    (changes) => `${changes} ${localDate(now)}`,
    () => null,
  )
  const known = store.pages.get(address)
  if (known && known.stamp === stamp && now.getTime() - known.madeAt < LONGEST) {
    // Moved to the end, so that the first page is the least recently used.
    store.pages.delete(address)
    store.pages.set(address, known)
    return known
  }
  if (stamp === null) return make(address, null, now)
  const one = `${stamp} ${address}`
  const others = store.making.get(one)
  if (others) {
    const made = await others
    // A redirect may be random, so each visitor gets their own. A failure is shared: a retry by all at once would fail again.
    return 'status' in made && made.headers.location !== undefined ? make(address, null, now) : made
  }
  const making = make(address, stamp, now).finally(() => store.making.delete(one))
  store.making.set(one, making)
  return making
}

async function make(address: string, stamp: string | null, now: Instant): Promise<Kept | Passing> {
  const late = AbortSignal.timeout(PATIENCE)
  const own = {
    ...ownRequestHeaders(),
    accept: 'text/html',
    // Compressing for ourselves would be wasted work.
    'accept-encoding': 'identity',
    // Without a user agent, Next may send the page's title after the page, for a script to put in place.
    'user-agent': 'an-tam',
  }
  const answer = await requestOwnPage(address, own, late).catch((error: unknown) => {
    late.throwIfAborted()
    throw error
  })
  const { status, body: html } = answer
  // `fromReplica` then reads from the primary.
  if (status >= 500 && readsFromReplica()) throw new Error(`a page of the replica was answered ${status}`)
  if (status !== 200 || stamp === null || isScattered(html)) {
    if (isScattered(html)) log().error({ address }, 'a kept page came in parts that need a script')
    const headers = Object.fromEntries(
      ['location', 'retry-after'].flatMap((name) => {
        const value = answer.headers[name]
        return value === undefined ? [] : [[name, String(value)]]
      }),
    )
    return { status, headers, html: withoutScripts(html) }
  }
  const kept = { ...stillPage(withoutScripts(html)), stamp, madeAt: now.getTime(), bytes: 2 * html.length }
  keep(address, kept)
  return kept
}

function keep(address: string, page: Kept): void {
  store.bytes += page.bytes - (store.pages.get(address)?.bytes ?? 0)
  store.pages.delete(address)
  store.pages.set(address, page)
  for (const [oldest, { bytes }] of store.pages) {
    if (store.bytes <= ROOM) break
    store.pages.delete(oldest)
    store.bytes -= bytes
  }
}
