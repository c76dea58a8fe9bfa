import { getLocale, getTranslations } from 'next-intl/server'
import type { Locale } from './routing.ts'
import { sentenceOf } from './sentence.ts'

/** What the audit log names, in words; what an old line names and nobody knows any more keeps its code. */
export async function logWords(asked?: Locale) {
  const locale = asked ?? (await getLocale())
  const [acts, nouns] = await Promise.all([
    getTranslations({ locale, namespace: 'audit-acts' }),
    getTranslations({ locale, namespace: 'audit.noun' }),
  ])
  const act = (code: string) => sentenceOf(acts, code) ?? code
  const noun = (code: string) => sentenceOf(nouns, code) ?? code
  return { act, noun }
}
