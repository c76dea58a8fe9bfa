import type { Move } from '#features/cases/moves/rules.ts'
import { catalogue } from '#messages/catalogue.ts'
import { defaultLocale, isLocale, type Locale, locales } from './routing.ts'

export const languageOf = (locale: string): Locale => (isLocale(locale) ? locale : defaultLocale)

/** Returns the ready text for a reason, in one language; undefined where there is none. */
export function readyText(move: Move, code: string | undefined, language: Locale): string | undefined {
  const texts: Readonly<Record<string, Readonly<Record<string, string>> | undefined>> =
    catalogue[language]['case-reasons']
  const ofMove = texts[move]
  return code !== undefined && ofMove && Object.hasOwn(ofMove, code) ? ofMove[code] : undefined
}

const sameWords = (one: string, other: string): boolean =>
  one.replaceAll(/\s+/g, ' ').trim() === other.replaceAll(/\s+/g, ' ').trim()

/**
 * Tells whether a reason was left to its ready text: nothing was written, or that very text in either language, as a
 * browser fills it in.
 */
export const isReadyText = (move: Move, code: string | undefined, written: string): boolean =>
  written.trim() === '' || locales.some((one) => sameWords(written, readyText(move, code, one) ?? ''))

/** Returns how the citizen reads a reason itself, on their case's page; undefined where they read none. */
export function reasonRead(code: string, language: Locale): string | undefined {
  const said: Readonly<Record<string, string>> = catalogue[language].case.reason
  return Object.hasOwn(said, code) ? said[code] : undefined
}
