interface Translator {
  (key: never): string
  has(key: never): boolean
  raw(key: never): unknown
}

/**
 * Returns the sentence under a key that comes from outside, such as an address or an old record. Null if it is no key, the key of
 * a group of sentences, or of a sentence that needs values.
 */
export function translateUntrustedKey(t: Translator, key: string): string | null {
  const words = t.has(key as never) ? t.raw(key as never) : null
  return typeof words === 'string' && !words.includes('{') ? t(key as never) : null
}
