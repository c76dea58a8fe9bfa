import {
  EVERYDAY_PLAIN,
  GIVENS,
  GIVENS_PLAIN,
  isSureMiddle,
  MIDDLES,
  MIDDLES_PLAIN,
  NO_MIDDLE_PLAIN,
  PLACE_NAMES,
  STRONG,
  STRONG_PLAIN,
  SURNAMES,
  SURNAMES_PLAIN,
} from './masking-gazetteer.ts'
import { runFrom, type Word, wordsOf } from './masking-words.ts'
import type { Found } from './masks.ts'

const NAME_MOST = 5

/** Words before a name that say that it is a place's; without marks. */
const PLACE_BEFORE = new Set(
  (
    'duong pho cau truong vien cho cong phuong quan xa huyen hem ngo tu ba xoay binh dai lo ben xe chua rap tho cu nha ' +
    'kenh thpt thcs hoc non tp thanh street road khu ap thon tinh ga tt toa chung hamlet ward'
  ).split(' '),
)
/**
 * Words for a ward, district or commune. Where one of them follows an official’s title (“chủ tịch phường”), the words
 * after it are a person’s name, unless they are the name of a known place.
 */
const WARD_BEFORE = new Set(['phuong', 'quan', 'xa', 'huyen'])
const OFFICE_BEFORE = new Set(['tich', 'thu', 'truong', 'pho'])
const AT_BEFORE = new Set(
  'o tai tu qua tren ben gan den ve truoc ra vao toi giao ngang near at on from'.split(' '),
)
const PLACE_AFTER = new Set(
  'street st road rd district ward bridge market park hospital school university city avenue'.split(' '),
)

/** Returns how many words of a place's name a run begins with; 0 for none. */
function placeLength(run: readonly Word[]): number {
  for (let length = run.length; length >= 2; length--) {
    if (
      PLACE_NAMES.has(
        run
          .slice(0, length)
          .map(({ plain }) => plain)
          .join(' '),
      )
    )
      return length
  }
  return 0
}

/** Tells whether the words around a run say that it is the name of a place. */
function isPlace(words: readonly Word[], at: number, run: readonly Word[]): boolean {
  const first = words[at]
  const before = first?.joined ? words[at - 1] : undefined
  const after = words[at + run.length]
  if (after?.joined && PLACE_AFTER.has(after.lower)) return true
  const known = placeLength(run)
  if (before !== undefined && PLACE_BEFORE.has(before.plain)) {
    const office = words[at - 2]
    // “Chủ tịch phường Ngô Quang Hiệp” names a person, “công an phường Võ Thị Sáu” a ward.
    return !(WARD_BEFORE.has(before.plain) && office && OFFICE_BEFORE.has(office.plain) && known === 0)
  }
  return known > 0
}

/** Tells whether the word before a name shows that a place is meant, such as “at” or “street”, and not a person. */
export function isSurePlace(words: readonly Word[], at: number): boolean {
  const before = words[at]?.joined ? words[at - 1] : undefined
  return before !== undefined && (AT_BEFORE.has(before.plain) || PLACE_BEFORE.has(before.plain))
}

interface Lists {
  readonly surnames: ReadonlySet<string>
  readonly strong: ReadonlySet<string>
  readonly known: (word: Word) => boolean
  readonly key: (word: Word) => string
}
const MARKED: Lists = {
  surnames: SURNAMES,
  strong: STRONG,
  known: ({ lower }) => MIDDLES.has(lower) || GIVENS.has(lower),
  key: ({ lower }) => lower,
}
const PLAIN: Lists = {
  surnames: SURNAMES_PLAIN,
  strong: STRONG_PLAIN,
  known: ({ plain }) => MIDDLES_PLAIN.has(plain) || GIVENS_PLAIN.has(plain),
  key: ({ plain }) => plain,
}

/**
 * Returns the index of a run's first word, from `from` on, that is no known name; the run's length where all are known.
 */
function knownFrom(run: readonly Word[], from: number, lists: Lists): number {
  let count = from
  while (count < run.length && lists.known(run[count] as Word)) count++
  return count
}

/**
 * Returns how many of some words with capitals are a name, 0 for none: a family name, and all that follow it.
 */
function titleLength(run: readonly Word[], lists: Lists): number {
  const [first, second] = run
  if (first === undefined || second === undefined || !lists.surnames.has(lists.key(first))) return 0
  const strong = lists.strong.has(lists.key(first)) && !(lists === PLAIN && EVERYDAY_PLAIN.has(first.plain))
  if (isSureMiddle(lists.key(second)) && run.length >= 3) return run.length
  const known = run.slice(1).filter(lists.known).length
  if (run.length >= 3) return known >= (strong ? 1 : run.length - 1) ? run.length : 0
  if (strong) return lists === MARKED || lists.known(second) ? 2 : 0
  // “Hà Lan” and “Mai Anh” begin like a name; both words are known names only in one.
  return lists === MARKED && GIVENS.has(second.lower) && !EVERYDAY_PLAIN.has(first.plain) ? 2 : 0
}

/**
 * Returns how many of some words in capitals throughout are a name, 0 for none: it ends where a word is no
 * known name.
 */
function upperLength(run: readonly Word[], lists: Lists): number {
  const [first, second] = run
  if (first === undefined || second === undefined || !lists.surnames.has(lists.key(first))) return 0
  const sure = isSureMiddle(lists.key(second))
  const known = knownFrom(run, 1, lists)
  if (sure && run.length >= 3) {
    if (EVERYDAY_PLAIN.has(first.plain) && lists === PLAIN && known < 3) return 0
    return Math.min(run.length, NAME_MOST, Math.max(3, known))
  }
  if (known >= 3) return Math.min(known, NAME_MOST - 1)
  return known === 2 && lists === MARKED && lists.strong.has(lists.key(first)) ? 2 : 0
}

/**
 * Returns how many of some words in small letters are a name, 0 for none: only with a middle name that says so,
 * or known names throughout behind the surest.
 */
function lowerLength(run: readonly Word[], lists: Lists): number {
  const [first, second, third] = run
  if (first === undefined || second === undefined || third === undefined) return 0
  if (!lists.surnames.has(lists.key(first))) return 0
  const known = knownFrom(run, 1, lists)
  if (isSureMiddle(lists.key(second))) {
    const everyday = EVERYDAY_PLAIN.has(first.plain) && lists === PLAIN
    if (
      NO_MIDDLE_PLAIN.has(`${second.plain}_${third.plain}`) &&
      (everyday || !lists.strong.has(lists.key(first)))
    )
      return 0
    if (everyday && !lists.known(third)) return 0
    return Math.max(3, Math.min(known, NAME_MOST))
  }
  const surest = lists === MARKED ? STRONG.has(first.lower) : /^(?:nguyen|huynh|trinh|bui)$/.test(first.plain)
  return surest && known >= 3 ? Math.min(known, 4) : 0
}

const LENGTH = { title: titleLength, upper: upperLength, lower: lowerLength, other: () => 0 } as const

/** Finds whole names by their family name, with no form of address before them, with and without marks and capitals. */
export function fullNamesIn(text: string): Found[] {
  const words = wordsOf(text)
  const found: Found[] = []
  for (let at = 0; at < words.length; at++) {
    const first = words[at] as Word
    if (!SURNAMES_PLAIN.has(first.plain)) continue
    const run = runFrom(words, at, NAME_MOST + 1)
    const bare = run.every(({ lower, plain }) => lower === plain)
    const length = Math.max(
      LENGTH[first.casing](run, MARKED),
      bare || barePart(run) >= 3
        ? LENGTH[first.casing](run.slice(0, bare ? run.length : barePart(run)), PLAIN)
        : 0,
    )
    if (length < 2) continue
    const name = run.slice(0, length)
    if (isPlace(words, at, name)) {
      at += Math.max(placeLength(name), 2) - 1
      continue
    }
    const last = name.at(-1) as Word
    found.push({ start: first.start, end: last.end, kind: 'name' })
    at += length - 1
  }
  return found
}

/** Counts the words at the beginning of a run that are written without marks. */
function barePart(run: readonly Word[]): number {
  let count = 0
  while (count < run.length && run[count]?.lower === run[count]?.plain) count++
  return count
}
