import '#server-only'
import { contentSecurityPolicy } from '#lib/access/content-security-policy.ts'
import type { Pathname } from '#messages/routing.ts'
import { keyedHash, sameBytes } from '#platform/crypto.ts'
import { isHttps } from './cookies.ts'

/** A page without forms and scripts, the same for everybody, and therefore cached (ADR 71). */
interface KeptPage {
  /** The parameters that the page reads ({@link SearchOf}); all others are dropped (ADR 119). */
  readonly reads: readonly string[]
  /** The queries that are cached too, with parameters in the order of `reads`. */
  readonly search?: RegExp
}

const STILL = { reads: [] } as const

/** The cached pages. They depend on nothing in the request but its address and language. */
export const KEPT_PAGES = {
  '/': STILL,
  '/help': { reads: ['q'] },
  '/privacy': STILL,
  '/accessibility': STILL,
  '/security': STILL,
  '/blocked': STILL,
  '/figures': { reads: ['month'], search: /^\?month=\d{4}-\d{2}$/ },
  '/questions': { reads: ['after'] },
  '/ledger': STILL,
  '/results': { reads: ['order', 'redrawn'], search: /^\?order=band$/ },
  '/results/archive': STILL,
  '/results/archive/[month]': STILL,
  '/results/data': STILL,
  '/results/method': STILL,
  '/results/questions': STILL,
  '/results/questions/[version]/[question]': STILL,
  '/results/months/[month]': STILL,
  '/results/[agency]': STILL,
  '/results/[agency]/compare': STILL,
  '/results/[agency]/replies': { reads: ['after'] },
} as const satisfies Partial<Record<Pathname, KeptPage>>

type KeptPath = keyof typeof KEPT_PAGES

/** The query of a cached page. A page that reads a parameter which {@link KEPT_PAGES} does not list does not compile. */
export type SearchOf<Path extends KeptPath> = Promise<{
  readonly [Name in (typeof KEPT_PAGES)[Path]['reads'][number]]?: string | string[]
}>

export const keptPage = (pathname: Pathname): KeptPage | null =>
  pathname in KEPT_PAGES ? KEPT_PAGES[pathname as KeptPath] : null

/**
 * Returns the page's own parameters in a fixed order. Parameters that others add to shared links (`?fbclid=`, `?utm_source=`)
 * would otherwise create a separate cache entry each.
 */
export function readKeptSearch({ reads }: KeptPage, search: string): string {
  const sent = new URLSearchParams(search)
  const read = new URLSearchParams(reads.flatMap((name) => sent.getAll(name).map((value) => [name, value])))
  return read.size === 0 ? '' : `?${read}`
}

/** Returns the policy of a page without scripts. It has no nonce, so that any cache may keep it (ADR 119). */
export const stillPolicy = (): string =>
  contentSecurityPolicy({ nonce: null, https: isHttps(), development: false })

export const KEPT_PATH = '/api/kept-page'

/** Marks requests between proxy.ts and the handler of cached pages. */
export const KEPT_HEADER = 'x-kept-page'

// One per process: proxy.ts and handlers are separate bundles.
const shared = globalThis as { antamKeptKey?: Buffer }

/** Returns that header's value. Clients do not know it; all processes behind this port share it. */
function key(): Buffer {
  shared.antamKeptKey ??= Buffer.from(Buffer.from(keyedHash('kept-page', '')).toString('hex'))
  return shared.antamKeptKey
}

export const ownRequestHeaders = (): Readonly<Record<string, string>> => ({ [KEPT_HEADER]: key().toString() })

/** Tells whether a request comes from proxy.ts or from the handler of cached pages. */
export const isOwnRequest = ({ headers }: Pick<Request, 'headers'>): boolean => {
  const sent = headers.get(KEPT_HEADER)
  return sent !== null && sameBytes(Buffer.from(sent), key())
}

/**
 * Tells whether a page is served from the cache, to HEAD as to GET (RFC 9110, 9.3.2); the handler's own request renders it. A
 * path with escapes is another spelling of a plain path and is not cached a second time.
 */
export function isKept(
  page: KeptPage,
  request: {
    readonly method: string
    readonly headers: Headers
    readonly path: string
    readonly search: string
  },
): boolean {
  if (request.method === 'POST' || isOwnRequest(request)) return false
  if (request.path.includes('%')) return false
  return request.search === '' || page.search?.test(request.search) === true
}
