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

/**
 * The longest time that a page is kept, in milliseconds: it may depend on something that is not counted as a change.
 */
const LONGEST = 60_000
/** Bytes of all kept pages together; the page that was asked for longest ago is dropped first. */
const ROOM = 24_000_000
/** The time in which a page must have been made, in milliseconds. */
const PATIENCE = 20_000

/**
 * Finds the values in a rendered page that belong to one visitor: each answer has new ones in their place. They are
 * random, so that no other text of the page is equal to one by chance.
 */
const OWN = {
  nonce: /\snonce="([^"]+)"/g,
  submitKey: /\sname="submitKey" value="([^"]+)"/g,
  issued: /\sname="issued" value="([^"]+)"/g,
  puzzle: /\sdata-puzzle="([^"]+)"/g,
} as const
type OwnName = keyof typeof OWN

/** A page with the places of what each visitor has of their own. */
interface Template {
  readonly texts: readonly string[]
  /** Lists what stands after each text but the last: which kind, and which one of its kind. */
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

/** Returns a page without its scripts, what fetches them, and the nonce, where nothing on it needs one. */
export const withoutScripts = (html: string): string =>
  html
    .replace(/<script\b[^>]*>[\s\S]*?<\/script>|<link\b[^>]*\bas="script"[^>]*>/g, '')
    // Styles come from our own files alone, which the policy names; the nonce would be of an answer that is gone.
    .replace(/(<link\b[^>]*) nonce="[^"]*"/g, '$1')

/** Tells whether React has sent parts of a page out of their place, for a script to put there. */
const isScattered = (html: string): boolean => /<(div hidden="" id="S:|template id="[BP]:)/.test(html)

/** A page without scripts: the same for everybody, and known by its tag (RFC 9110, 8.8.3). */
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

/** A page that cannot be kept, as it was answered. */
interface Passing {
  readonly status: number
  /** Holds the address it leads to, or the time to come again. */
  readonly headers: Readonly<Record<string, string>>
  readonly template: Template
}

interface PageAsked {
  /** Its address, with what may stand behind it. */
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
 * Returns a page as it is kept, or makes it: by asking this server for it as a visitor would, once for all who wait,
 * also while the process drains. The
 * database is asked each time whether anything public has changed; where it does not answer, no page is kept. A page without
 * forms reads from the replica, where there is one.
 *
 * @throws Overloaded where the page was not made in time
 */
export const pageFor = (asked: PageAsked, now: Instant): Promise<Kept | Passing> =>
  (asked.scripts ? find(asked, now) : fromReplica(() => find(asked, now))).catch((error: unknown) => {
    // Told to each who waits: the answer to each says when to come again.
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
    // Moved to the end: the first is what was asked for longest ago.
    store.pages.delete(asked.address)
    store.pages.set(asked.address, known)
    return known
  }
  if (stamp === null) return make(asked, null, now)
  const one = `${stamp} ${asked.address}`
  const others = store.making.get(one)
  if (others) {
    const made = await others
    // A redirect may be drawn by lot, so each has its own. A failure is one for all: they would meet it again, all at once.
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
    // To pack it for ourselves would be work for nothing.
    'accept-encoding': 'identity',
    // To a client without a name Next may send a page's title after the page, for a script to put in its place.
    'user-agent': 'an-tam',
  }
  const answer = await requestOwnPage(address, own, late).catch((error: unknown) => {
    late.throwIfAborted()
    throw error
  })
  const { status, body: html } = answer
  // Asked again of the primary.
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
