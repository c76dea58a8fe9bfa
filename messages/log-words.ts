import { getLocale, getTranslations } from 'next-intl/server'
import { isAct } from '#domain/audit/acts.ts'
import type { Locale } from './routing.ts'

/** What the audit log names, in words; what an old line names and nobody knows any more keeps its code. */
export async function logWords(asked?: Locale) {
  const locale = asked ?? (await getLocale())
  const [acts, nouns] = await Promise.all([
    getTranslations({ locale, namespace: 'audit-acts' }),
    getTranslations({ locale, namespace: 'audit.noun' }),
  ])
  // One key stands for all: they are too many for the compiler, and a test knows that each has its words.
  const act = (code: string) => (isAct(code) ? acts(code as 'case.take') : code)
  const noun = (code: string) => (nouns.has(code as 'case') ? nouns(code as 'case') : code)
  return { act, noun }
}
