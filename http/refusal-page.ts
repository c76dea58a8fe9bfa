import '#server-only'
import { contentSecurityPolicy } from '#lib/access/content-security-policy.ts'
import type { Locale } from '#messages/routing.ts'
import { randomBuffer } from '#platform/crypto.ts'
import { isHttps } from './cookies.ts'

/** With `retry`, the page's link opens the same address again; otherwise it leads home. */
export type RefusalWords = { readonly title: string; readonly text: string } & (
  | { readonly home: string }
  | { readonly retry: string }
)

/** The site's look (app/globals.css) in short: this page has no stylesheet. */
const STYLE =
  ':root{color-scheme:light dark;--paper:#fbfaf6;--card:#fff;--ink:#1b1b1f;--line:#dcd8ce;--teal:#0a5c57;--on:#fff}' +
  '@media(prefers-color-scheme:dark){:root{--paper:#121514;--card:#1a1f1e;--ink:#ecebe6;--line:#333a38;--teal:#6fcfc4;--on:#06201e}}' +
  'body{margin:0;font:1.06rem/1.6 system-ui,sans-serif;color:var(--ink);background:var(--paper)}' +
  'header{background:var(--card);border-bottom:1px solid var(--line)}' +
  'header div,main{max-width:68rem;margin:0 auto;padding:.8rem 1.2rem}' +
  'header div{display:flex;align-items:center;gap:.7rem;font-size:1.2rem;font-weight:600}' +
  'main{padding-top:2.6rem;padding-bottom:3rem}p{max-width:38rem;margin:0 0 1.6rem}' +
  'h1{max-width:38rem;margin:0 0 1rem;font-size:clamp(1.75rem,5vw,2.3rem);line-height:1.2;text-wrap:balance}' +
  'a{display:inline-block;padding:.75rem 1.4rem;border-radius:10px;font-weight:600;text-decoration:none;' +
  'color:var(--on);background:var(--teal)}ul{margin:0 0 1.6rem;padding:0;list-style:none}' +
  'li a{padding:.55rem .8rem .55rem 0;color:var(--teal);background:none}a:focus-visible{outline:3px solid #ffbf47;outline-offset:3px}'

/**
 * Returns a complete refusal page with its headers, without Next's renderer. Rendering a page for a refused POST would let Next
 * run the refused action.
 *
 * @param more HTML below the text
 */
export function refusalPage(locale: Locale, words: RefusalWords, more = '') {
  const nonce = randomBuffer(16).toString('base64')
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': contentSecurityPolicy({ nonce, https: isHttps(), development: false }),
    'x-robots-tag': 'noindex',
  }
  return { headers, body: written(locale, words, nonce, more) }
}

export function refused(
  locale: Locale,
  words: RefusalWords,
  status: number,
  more: Readonly<Record<string, string>> = {},
): Response {
  const { headers, body } = refusalPage(locale, words)
  return new Response(body, { status, headers: { ...headers, ...more } })
}

const written = (locale: Locale, words: RefusalWords, nonce: string, more: string): string =>
  `<!doctype html><html lang="${locale}"><head><meta charset="utf-8">` +
  `<meta name="viewport" content="width=device-width, initial-scale=1"><title>${words.title} – An Tâm</title>` +
  `<style nonce="${nonce}">${STYLE}</style></head><body>` +
  `<header><div><img src="/icon.svg" alt="" width="34" height="34">An Tâm</div></header>` +
  `<main><h1>${words.title}</h1><p>${words.text}</p>${more}` +
  `${linkOf(locale, words)}</main></body></html>`

const linkOf = (locale: Locale, words: RefusalWords): string =>
  'retry' in words
    ? `<a href="">${words.retry}</a>`
    : `<a href="${locale === 'vi' ? '/' : `/${locale}`}">${words.home}</a>`
