import '#server-only'
import { contentSecurityPolicy } from '#lib/access/content-security-policy.ts'
import { STALE_FORM } from '#lib/stale-form.ts'
import type { Pathname } from '#messages/routing.ts'
import { keyedHash, sameBytes } from '#platform/crypto.ts'
import { isHttps } from './cookies.ts'

/** A page that is the same for everybody and is therefore cached (ADR 71). */
interface KeptPage {
  /** False if nothing on the page needs a script: it is then sent without scripts, the same to the byte. */
  readonly scripts: boolean
  /** The parameters that the page reads ({@link SearchOf}); all others are dropped (ADR 119). */
  readonly reads: readonly string[]
  /** The queries that are cached too, with parameters in the order of `reads`. */
  readonly search?: RegExp
  /** The page differs for a browser with one of our cookies. */
  readonly byCookie?: true
}

const STILL = { scripts: false, reads: [] } as const

/** Parameters that a page with a form reads: a handler's fault, and the mark of an outdated form. */
const OF_FORMS = ['error', 'fault', STALE_FORM] as const

/** The cached pages. They depend on nothing in the request but its address and language. */
export const KEPT_PAGES = {
  '/': STILL,
  '/help': { scripts: false, reads: ['q'] },
  '/privacy': STILL,
  '/accessibility': STILL,
  '/security': STILL,
  '/blocked': STILL,
  '/figures': { scripts: false, reads: ['month'], search: /^\?month=\d{4}-\d{2}$/ },
  '/questions': { scripts: false, reads: ['after'] },
  '/ledger': STILL,
  '/results': { scripts: false, reads: ['order', 'redrawn'], search: /^\?order=band$/ },
  '/results/archive': STILL,
  '/results/archive/[month]': STILL,
  '/results/data': STILL,
  '/results/method': STILL,
  '/results/questions': STILL,
  '/results/questions/[version]/[question]': STILL,
  '/results/months/[month]': STILL,
  '/results/[agency]': STILL,
  '/results/[agency]/compare': STILL,
  '/results/[agency]/replies': { scripts: false, reads: ['after'] },
  '/rate': { scripts: true, reads: ['q', ...OF_FORMS] },
  '/rate/[agency]': {
    scripts: true,
    reads: ['kenh', 'moi', 'v', 'from', 'kiosk', 'home', ...OF_FORMS],
    search: /^\?(?:kenh=poster&)?v=\d{1,6}$/,
  },
  '/check': { scripts: true, reads: OF_FORMS },
  '/track': { scripts: true, reads: ['number', ...OF_FORMS], byCookie: true },
  '/report': { scripts: true, reads: ['from', 'secured', ...OF_FORMS], byCookie: true },
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
 * Tells whether a page is served from the cache; the handler's own request renders it. A path with escapes is another spelling
 * of a plain path and is not cached a second time.
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
  if (request.method !== 'GET' || isOwnRequest(request)) return false
  if (request.path.includes('%')) return false
  if (request.search !== '' && !page.search?.test(request.search)) return false
  return !(page.byCookie && /(^|[; ])(__Host-)?antam/.test(request.headers.get('cookie') ?? ''))
}
