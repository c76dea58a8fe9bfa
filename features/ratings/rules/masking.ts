import { normalizeCharacters, stripInvisible } from '#lib/text-normalization.ts'
import { addressesIn } from './masking-addresses.ts'
import { codesIn } from './masking-codes.ts'
import { cuedNamesIn } from './masking-cued.ts'
import { factsIn } from './masking-facts.ts'
import { fullNamesIn } from './masking-fullnames.ts'
import { namesIn } from './masking-names.ts'
import { numbersIn } from './masking-numbers.ts'
import { type Found, MASKS, type PersonalKind } from './masks.ts'

/** One character with the marks and the invisible characters that follow it, which are masked with it. */
const CLUSTER = /.[\p{M}\p{Cf}\p{Default_Ignorable_Code_Point}]*/gsu

/** Returns a text in ordinary visible characters, and the place in the original that each of them came from. */
function asMeant(text: string): { meant: string; from: number[]; to: number[] } {
  let meant = ''
  const from: number[] = []
  const to: number[] = []
  for (const { 0: cluster, index } of text.matchAll(CLUSTER)) {
    // A digit in a box or struck through is that digit.
    const shown = normalizeCharacters(stripInvisible(cluster)).replace(/(?<=\p{N})\p{M}+/gu, '')
    meant += shown
    for (let at = 0; at < shown.length; at++) {
      from.push(index)
      to.push(index + cluster.length)
    }
  }
  return { meant, from, to }
}

const DETECTORS = [codesIn, factsIn, addressesIn, numbersIn, fullNamesIn, namesIn, cuedNamesIn] as const

/** The last character of a mask, which is no letter, digit or space. */
const HIDDEN = ']'

/** Characters that are looked through at once: what a comment may have. A longer text goes in pieces. */
const PIECE = 2_500

/** Cuts a text that is too long to be looked through at once into pieces: behind a line, a sentence or a word. */
function pieces(text: string): (readonly [start: number, end: number])[] {
  const cut: [number, number][] = []
  for (let start = 0; start < text.length; ) {
    const most = text.slice(start, start + PIECE)
    const whole = start + PIECE >= text.length
    const at = whole
      ? most.length
      : [most.lastIndexOf('\n'), most.lastIndexOf('. '), most.lastIndexOf(' ')].find((end) => end > PIECE / 2)
    const end = start + (whole ? most.length : at === undefined ? PIECE : at + 1)
    cut.push([start, end])
    start = end
  }
  return cut
}

/** Returns the personal data in a text, in order; in time that grows with its length and no faster. */
export const findPersonal = (text: string): Found[] =>
  pieces(text).flatMap(([from, to]) =>
    personalIn(text.slice(from, to)).map((found) => ({
      ...found,
      start: from + found.start,
      end: from + found.end,
    })),
  )

/**
 * Returns the personal data in a piece of text, in order: telephone and document numbers, e-mail addresses, plates,
 * IMEIs, file numbers, long numbers, places where people live, birthdays, pages, companies, and names, whole or behind
 * a cue. They are found in any form: in groups, full-width, composed or not, with invisible characters. A finding hides
 * whole characters of the original, and the rest is searched again, so that masking a masked text changes nothing.
 */
function personalIn(text: string): Found[] {
  const { meant, from, to } = asMeant(text)
  const found: Found[] = []
  let left = meant
  for (let more = true; more; ) {
    more = false
    for (const detect of DETECTORS) {
      for (const { start, end, kind } of detect(left)) {
        const [begin = 0, close = text.length] = [from[start], to[end - 1]]
        // Whole characters: ½ is meant as three.
        const [first, after] = [from.indexOf(begin), to.lastIndexOf(close) + 1]
        left = left.slice(0, first) + HIDDEN.repeat(after - first) + left.slice(after)
        found.push({ start: begin, end: close, kind })
        more = true
      }
    }
  }
  return found.sort((one, other) => one.start - other.start)
}

/** A part of a text and its kind of personal data; null where it is none. */
export interface Stretch {
  readonly text: string
  readonly kind: PersonalKind | null
}

/** Returns a whole text as parts, in order, to show masks beside the words that they hide. */
export function stretches(text: string): Stretch[] {
  const parts: Stretch[] = []
  let at = 0
  for (const { start, end, kind } of findPersonal(text)) {
    // Two that share a character are found as overlapping.
    if (end <= at) continue
    if (start > at) parts.push({ text: text.slice(at, start), kind: null })
    parts.push({ text: text.slice(Math.max(at, start), end), kind })
    at = end
  }
  if (at < text.length) parts.push({ text: text.slice(at), kind: null })
  return parts
}

/** Returns a text with words in brackets in place of personal data, and otherwise unchanged. */
export const mask = (text: string): string =>
  stretches(text)
    .map((part) => (part.kind === null ? part.text : MASKS[part.kind]))
    .join('')

/** Returns a text with one kind of line break, so that a text sent by a form equals the stored one. */
const lines = (text: string): string => text.replace(/\r\n?/g, '\n')

/**
 * Tells whether a text is another with stretches of it replaced by words in brackets, and nothing else: a survey
 * manager who masks by hand takes words away, and never puts any into a citizen's mouth.
 */
export function onlyMasks(original: string, masked: string): boolean {
  const whole = lines(original)
  const kept = lines(masked).split(/\[[^[\]\n]{1,40}\]/)
  const [first = '', last = ''] = [kept[0], kept.at(-1)]
  if (kept.length === 1) return first === whole
  if (!whole.startsWith(first) || !whole.endsWith(last)) return false
  let at = first.length
  const end = whole.length - last.length
  for (const piece of kept.slice(1, -1)) {
    const next = whole.indexOf(piece, at)
    if (next < 0) return false
    at = next + piece.length
  }
  return at <= end
}
