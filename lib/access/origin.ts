/** The headers by which a browser says where a request comes from, and our own origin. */
export interface OriginEvidence {
  readonly method: string
  readonly origin: string | null
  readonly secFetchSite: string | null
  readonly referer: string | null
  /** The request's Host header: a page of another site cannot change it. */
  readonly host: string | null
  /** PUBLIC_URL, for a reverse proxy that rewrites Host. */
  readonly publicUrl: string | null
}

const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

const hostOf = (url: string): string | null => (URL.canParse(url) ? new URL(url).host : null)

/**
 * Checks whether a request that changes something is allowed: not when it comes from another site's page. A request with
 * none of the three headers comes from a program, which carries no visitor's cookies. `Origin: null` (a sandboxed
 * frame, a file) is foreign. X-Forwarded-Host is ignored, because any client can send it.
 */
export function isOwnOrigin(evidence: OriginEvidence): boolean {
  if (safeMethods.has(evidence.method)) return true
  const own = new Set([evidence.host, evidence.publicUrl && hostOf(evidence.publicUrl)])
  const isOwn = (url: string) => {
    const host = hostOf(url)
    return host !== null && host !== '' && own.has(host)
  }
  if (evidence.origin !== null) return isOwn(evidence.origin)
  if (evidence.secFetchSite !== null) return ['same-origin', 'none'].includes(evidence.secFetchSite)
  return evidence.referer === null || isOwn(evidence.referer)
}

/**
 * Checks whether a visitor came by one of our own links or typed the address, as far as their browser shows it: for GET requests
 * that begin something. The value is the header Sec-Fetch-Site.
 */
export const isOwnVisit = (secFetchSite: string | null): boolean =>
  secFetchSite === null || secFetchSite === 'same-origin' || secFetchSite === 'none'
