import '#server-only'
import { contentSecurityPolicy } from '#lib/access/content-security-policy.ts'
import { STALE_FORM } from '#lib/stale-form.ts'
import type { Pathname } from '#messages/routing.ts'
import { keyedHash, sameBytes } from '#platform/crypto.ts'
import { isHttps } from './cookies.ts'

/** Describes a page that is the same for everybody and therefore kept (ADR 71). */
interface KeptPage {
  /** False where nothing on it needs a script: it is sent without any, and is the same to the byte. */
  readonly scripts: boolean
  /** Lists the parameters that the page reads ({@link SearchOf}); any other is dropped (ADR 119). */
  readonly reads: readonly string[]
  /** Says which values of them are kept too, in the order of `reads`. */
  readonly search?: RegExp
  /** The page differs for a browser that holds a cookie of ours. */
  readonly byCookie?: true
}

const STILL = { scripts: false, reads: [] } as const

/** Holds what the frame reads beside a form: a fault that a handler tells of in the address, and that the form was too old. */
const OF_FORMS = ['error', 'fault', STALE_FORM] as const

/** The pages that are kept. They read nothing of the request but their address and language. */
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

/** Holds what a kept page is told of its address: it does not compile where it reads what {@link KEPT_PAGES} does not list. */
export type SearchOf<Path extends KeptPath> = Promise<{
  readonly [Name in (typeof KEPT_PAGES)[Path]['reads'][number]]?: string | string[]
}>

export const keptPage = (pathname: Pathname): KeptPage | null =>
  pathname in KEPT_PAGES ? KEPT_PAGES[pathname as KeptPath] : null

/**
 * Returns what a page reads of its address' parameters, in one order. What others add to a link that is shared
 * (`?fbclid=`, `?utm_source=`) would make a page of its own of each.
 */
export function readKeptSearch({ reads }: KeptPage, search: string): string {
  const sent = new URLSearchParams(search)
  const read = new URLSearchParams(reads.flatMap((name) => sent.getAll(name).map((value) => [name, value])))
  return read.size === 0 ? '' : `?${read}`
}

/** Returns the policy of a page that is sent without scripts: without a nonce, so that any cache may hold it (ADR 119). */
export const stillPolicy = (): string =>
  contentSecurityPolicy({ nonce: null, https: isHttps(), development: false })

export const KEPT_PATH = '/api/kept-page'

/** The header that marks requests between proxy.ts and that handler. */
export const KEPT_HEADER = 'x-kept-page'

// One for the process: proxy.ts and handlers are bundles of their own.
const shared = globalThis as { antamKeptKey?: Buffer }

/** Returns the value of that header: no client knows it, and every process behind this port has the same. */
function key(): Buffer {
  shared.antamKeptKey ??= Buffer.from(Buffer.from(keyedHash('kept-page', '')).toString('hex'))
  return shared.antamKeptKey
}

export const ownRequestHeaders = (): Readonly<Record<string, string>> => ({ [KEPT_HEADER]: key().toString() })

/** Tells whether a request comes from proxy.ts or from the handler of kept pages. */
export const isOwnRequest = ({ headers }: Pick<Request, 'headers'>): boolean => {
  const sent = headers.get(KEPT_HEADER)
  return sent !== null && sameBytes(Buffer.from(sent), key())
}

/**
 * Tells whether a page is served from the store; the handler's own request renders the page. A path with escapes is
 * another spelling of a plain one, and is not kept a second time.
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
