/** The Content-Security-Policy of answers that are not pages: nothing is loaded or run, and no page may frame them. */
export const CLOSED_POLICY = "default-src 'none'; frame-ancestors 'none'"

/** Returns the Content-Security-Policy of a page: only what carries this answer's nonce may run or style it. */
export function contentSecurityPolicy({
  nonce,
  https,
  development,
}: {
  /** null for a page without scripts, which is the same for everybody. */
  readonly nonce: string | null
  readonly https: boolean
  /** The development server evaluates code and injects styles without a nonce. */
  readonly development: boolean
}): string {
  const script = nonce === null ? `'none'` : `'self' 'nonce-${nonce}' 'strict-dynamic'`
  const style = development ? ` 'unsafe-inline'` : nonce === null ? '' : ` 'nonce-${nonce}'`
  const directives: readonly string[] = [
    `default-src 'self'`,
    `script-src ${script}${development ? ` 'unsafe-eval'` : ''}`,
    `style-src 'self'${style}`,
    `img-src 'self' data: blob:`,
    `font-src 'self'`,
    `connect-src 'self'${development ? ' ws:' : ''}`,
    `worker-src 'self'`,
    `object-src 'none'`,
    `base-uri 'none'`,
    `form-action 'self'`,
    `frame-ancestors 'none'`,
    ...(https ? ['upgrade-insecure-requests'] : []),
  ]
  return directives.join('; ')
}
