import '#server-only'
import type { Pathname } from '#messages/routing.ts'
import { keyedHash, sameBytes } from '#platform/crypto.ts'

/** Describes a page that is the same for everybody and therefore kept (ADR 71). */
export interface KeptPage {
  /** False where nothing on it needs a script: it is sent without any, and is the same to the byte. */
  readonly scripts: boolean
  /** Lists the parameters its address may have; anything else is answered by the page itself. */
  readonly search?: RegExp
  /** The page differs for a browser that holds a cookie of ours. */
  readonly byCookie?: true
}

const STILL: KeptPage = { scripts: false }

/** The pages that are kept. They read nothing of the request but their address and language. */
export const KEPT_PAGES: Readonly<Partial<Record<Pathname, KeptPage>>> = {
  '/': STILL,
  '/help': STILL,
  '/privacy': STILL,
  '/accessibility': STILL,
  '/security': STILL,
  '/blocked': STILL,
  '/figures': { ...STILL, search: /^\?month=\d{4}-\d{2}$/ },
  '/questions': STILL,
  '/ledger': STILL,
  '/results': { ...STILL, search: /^\?order=band$/ },
  '/results/data': STILL,
  '/results/questions': STILL,
  '/results/questions/[version]/[question]': STILL,
  '/results/months/[month]': STILL,
  '/results/[agency]': STILL,
  '/results/[agency]/replies': STILL,
  '/rate': { scripts: true },
  '/rate/[agency]': { scripts: true, search: /^\?(?:kenh=poster&)?v=\d{1,6}$/ },
  '/check': { scripts: true },
  '/track': { scripts: true, byCookie: true },
  '/report': { scripts: true, byCookie: true },
}

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

interface Asked {
  readonly method: string
  readonly headers: Headers
  readonly path: string
  readonly search: string
}

/**
 * Tells whether a page is served from the store; the handler's own request renders the page. A path with escapes is
 * another spelling of a plain one, and is not kept a second time.
 */
export function isKept(pathname: Pathname, request: Asked): boolean {
  const page = KEPT_PAGES[pathname]
  if (page === undefined || request.method !== 'GET' || isOwnRequest(request)) return false
  if (request.path.includes('%')) return false
  if (request.search !== '' && !page.search?.test(request.search)) return false
  return !(page.byCookie && /(^|[; ])(__Host-)?antam/.test(request.headers.get('cookie') ?? ''))
}
