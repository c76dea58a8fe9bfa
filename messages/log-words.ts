import { getLocale, getTranslations } from 'next-intl/server'
import type { Locale } from './routing.ts'
import { translateUntrustedKey } from './sentence.ts'

/** Returns the words for the codes in the audit log. A code of an old line that is no longer known stays as it is. */
export async function logWords(asked?: Locale) {
  const locale = asked ?? (await getLocale())
  const [acts, nouns, facts, cases, roles] = await Promise.all([
    getTranslations({ locale, namespace: 'audit-acts' }),
    getTranslations({ locale, namespace: 'audit.noun' }),
    getTranslations({ locale, namespace: 'audit-facts' }),
    getTranslations({ locale, namespace: 'case-staff' }),
    getTranslations({ locale, namespace: 'admin.role' }),
  ])
  const act = (code: string) => translateUntrustedKey(acts, code) ?? code
  const noun = (code: string) => translateUntrustedKey(nouns, code) ?? code
  // A code means the same everywhere, except the codes of reasons.
  const value = (name: string, code: string) =>
    (name === 'reasonCode' ? translateUntrustedKey(cases, `code.${code}`) : null) ??
    translateUntrustedKey(cases, `state.${code}`) ??
    translateUntrustedKey(facts, `value.${code}`) ??
    translateUntrustedKey(roles, code) ??
    translateUntrustedKey(cases, `code.${code}`) ??
    code
  /** Formats a detail of a line, such as "To: Under review". Each of several codes in one value gets its words. */
  const fact = (name: string, written: unknown) => {
    const parts = typeof written === 'object' && written !== null ? Object.entries(written).flat() : [written]
    const said = parts
      .join(' ')
      .split(' ')
      .map((code) => value(name, code))
      .join(' ')
    return `${translateUntrustedKey(facts, `name.${name}`) ?? name}: ${said}`
  }
  return { act, noun, fact }
}
