/** The translator that next-intl gives for any namespace. */
interface Translator {
  (key: never): string
  has(key: never): boolean
  raw(key: never): unknown
}

/**
 * Returns the sentence under a key that we have not written ourselves, or null: what an address or an old record calls
 * something may be no key, or one of a whole group of sentences, or of a sentence that needs values.
 */
export function translateUntrustedKey(t: Translator, key: string): string | null {
  const words = t.has(key as never) ? t.raw(key as never) : null
  return typeof words === 'string' && !words.includes('{') ? t(key as never) : null
}
