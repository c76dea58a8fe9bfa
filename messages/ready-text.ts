import type { Move } from '#features/cases/moves/rules.ts'
import { catalogue } from '#messages/catalogue.ts'
import { defaultLocale, isLocale, type Locale, locales } from './routing.ts'

export const languageOf = (locale: string): Locale => (isLocale(locale) ? locale : defaultLocale)

export function readyText(move: Move, code: string | undefined, language: Locale): string | undefined {
  const texts: Readonly<Record<string, Readonly<Record<string, string>> | undefined>> =
    catalogue[language]['case-reasons']
  const ofMove = texts[move]
  return code !== undefined && ofMove && Object.hasOwn(ofMove, code) ? ofMove[code] : undefined
}

const sameWords = (one: string, other: string): boolean =>
  one.replaceAll(/\s+/g, ' ').trim() === other.replaceAll(/\s+/g, ' ').trim()

/**
 * Tells whether a reason has only its ready text: nothing was written, or exactly that text in either language, as a browser
 * fills it in.
 */
export const isReadyText = (move: Move, code: string | undefined, written: string): boolean =>
  written.trim() === '' || locales.some((one) => sameWords(written, readyText(move, code, one) ?? ''))

/** Returns the words of a reason on the citizen's page; undefined if the citizen reads none. */
export function reasonRead(code: string, language: Locale): string | undefined {
  const said: Readonly<Record<string, string>> = catalogue[language].case.reason
  return Object.hasOwn(said, code) ? said[code] : undefined
}
