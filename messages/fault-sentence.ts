import type { getTranslations } from 'next-intl/server'

type Faults = Awaited<ReturnType<typeof getTranslations<'faults'>>>

/**
 * The sentence under the first of some keys of `faults` that has one, or null. A key that comes from a page's address may
 * name nothing, or a whole group of sentences, or one that needs values.
 */
export function faultSentence(faults: Faults, keys: readonly string[]): string | null {
  for (const key of keys as 'general.invalid'[]) {
    const words = faults.has(key) ? faults.raw(key) : null
    if (typeof words === 'string' && !words.includes('{')) return faults(key)
  }
  return null
}
