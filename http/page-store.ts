import '#server-only'
import { createHash, randomUUID } from 'node:crypto'
import { issueForm } from '#features/ratings/rating/proof-acts.ts'
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

/**
 * Patterns of one visitor's values in a rendered page; each answer gets new ones. They are random, so no other text equals them
 * by chance.
 */
const OWN = {
  nonce: /\snonce="([^"]+)"/g,
  submitKey: /\sname="submitKey" value="([^"]+)"/g,
  issued: /\sname="issued" value="([^"]+)"/g,
  puzzle: /\sdata-puzzle="([^"]+)"/g,
} as const
type OwnName = keyof typeof OWN

/** A page split at the values of one visitor. */
interface Template {
  readonly texts: readonly string[]
  /** The value after each text but the last: its kind, and its number among that kind. */
  readonly places: readonly { readonly name: OwnName; readonly index: number }[]
}

export function templateOf(html: string, nonce: string): Template {
  const found = new Map<string, { name: OwnName; index: number }>([[nonce, { name: 'nonce', index: 0 }]])
  for (const name of ['submitKey', 'issued', 'puzzle'] as const) {
    for (const [index, [, value = '']] of [...html.matchAll(OWN[name])].entries())
      found.set(value, { name, index })
  }
  found.delete('')
  // An empty expression would match between any two characters.
  if (found.size === 0) return { texts: [html], places: [] }
  const any = new RegExp(`(${[...found.keys()].map((value) => RegExp.escape(value)).join('|')})`)
  const pieces = html.split(any)
  return {
    texts: pieces.filter((_, at) => at % 2 === 0),
    places: pieces.flatMap((piece, at) => (at % 2 === 0 ? [] : (found.get(piece) ?? []))),
  }
}

export async function writeTemplate(
  { texts, places }: Template,
  nonce: string,
  now: Instant,
): Promise<string> {
  let form: ReturnType<typeof issueForm> | undefined
  const issued = () => {
    form ??= issueForm(now)
    return form
  }
  const make: Readonly<Record<OwnName, () => Promise<string> | string>> = {
    nonce: () => nonce,
    submitKey: () => randomUUID(),
    issued: async () => (await issued()).issued,
    puzzle: async () => (await issued()).puzzle,
  }
  const made = new Map<string, string>()
  let html = texts[0] ?? ''
  for (const [at, { name, index }] of places.entries()) {
    const one = `${name} ${index}`
    const value = made.get(one) ?? (await make[name]())
    made.set(one, value)
    html += value + (texts[at + 1] ?? '')
  }
  return html
}

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

type Content = { readonly still: StillPage } | { readonly template: Template }
export type Kept = Content & { readonly stamp: string; readonly madeAt: number; readonly bytes: number }

interface Passing {
  readonly status: number
  /** `location` or `retry-after`, if there is one. */
  readonly headers: Readonly<Record<string, string>>
  readonly template: Template
}

interface PageAsked {
  /** Path and query. */
  readonly address: string
  readonly scripts: boolean
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
 * Asks the database each time whether public data has changed; if it does not answer, no page is kept. A page without forms
 * reads from the replica, if there is one.
 *
 * @throws Overloaded if the page was not rendered in time
 */
export const pageFor = (asked: PageAsked, now: Instant): Promise<Kept | Passing> =>
  (asked.scripts ? find(asked, now) : fromReplica(() => find(asked, now))).catch((error: unknown) => {
    // Everyone who waits gets this error, with a `Retry-After`.
    throw error instanceof Error && error.name === 'TimeoutError'
      ? new Overloaded(5, { cause: error })
      : error
  })

async function find(asked: PageAsked, now: Instant): Promise<Kept | Passing> {
  const stamp = await publicStamp().then(
    (changes) => `${changes} ${localDate(now)}`,
    () => null,
  )
  const known = store.pages.get(asked.address)
  if (known && known.stamp === stamp && now.getTime() - known.madeAt < LONGEST) {
    // Moved to the end, so that the first page is the least recently used.
    store.pages.delete(asked.address)
    store.pages.set(asked.address, known)
    return known
  }
  if (stamp === null) return make(asked, null, now)
  const one = `${stamp} ${asked.address}`
  const others = store.making.get(one)
  if (others) {
    const made = await others
    // A redirect may be random, so each visitor gets their own. A failure is shared: a retry by all at once would fail again.
    return 'status' in made && made.headers.location !== undefined ? make(asked, null, now) : made
  }
  const making = make(asked, stamp, now).finally(() => store.making.delete(one))
  store.making.set(one, making)
  return making
}

async function make(
  { address, scripts }: PageAsked,
  stamp: string | null,
  now: Instant,
): Promise<Kept | Passing> {
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
  const nonce = /'nonce-([^']+)'/.exec(String(answer.headers['content-security-policy']))?.[1] ?? ''
  if (status !== 200 || stamp === null || isScattered(html)) {
    if (isScattered(html)) log().error({ address }, 'a kept page came in parts that need a script')
    const headers = Object.fromEntries(
      ['location', 'retry-after'].flatMap((name) => {
        const value = answer.headers[name]
        return value === undefined ? [] : [[name, String(value)]]
      }),
    )
    return { status, headers, template: templateOf(scripts ? html : withoutScripts(html), nonce) }
  }
  const content: Content = scripts
    ? { template: templateOf(html, nonce) }
    : { still: stillPage(withoutScripts(html)) }
  const kept = { ...content, stamp, madeAt: now.getTime(), bytes: 2 * html.length }
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
