import '#server-only'
import type { Locale } from '#messages/routing.ts'

export interface RefusalWords {
  readonly title: string
  readonly text: string
  readonly home: string
}

/**
 * A whole page as text, for an answer the gate gives by itself. Rendering a page for a refused POST would let Next
 * run the very action that was refused.
 */
export const refusalPage = (locale: Locale, words: RefusalWords, nonce: string): string =>
  `<!doctype html><html lang="${locale}"><head><meta charset="utf-8">` +
  `<meta name="viewport" content="width=device-width, initial-scale=1"><title>${words.title} – An Tâm</title>` +
  `<style nonce="${nonce}">:root{color-scheme:light dark}body{font:1.1rem/1.55 system-ui,sans-serif;` +
  `max-width:38rem;margin:3rem auto;padding:0 1rem}</style></head><body><main><h1>${words.title}</h1>` +
  `<p>${words.text}</p><p><a href="${locale === 'vi' ? '/' : `/${locale}`}">${words.home}</a></p></main></body></html>`
