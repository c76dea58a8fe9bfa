import { PAGE_SIDES, type PageSide } from '../files/limits-rules.ts'

/** A page's query, as Next gives it. */
export type Query = Readonly<Record<string, string | readonly string[] | undefined>>

/** A page of a file, from 1. */
export interface Chosen {
  readonly id: string
  readonly page: number
}

/** Describes what a viewer shows, as its address says. */
export interface Choice {
  readonly first: Chosen | null
  readonly beside: Chosen | null
  /** Null: as large as there is room. */
  readonly side: PageSide | null
}

const all = (value: Query[string]): readonly string[] =>
  value === undefined ? [] : typeof value === 'string' ? [value] : value

/** Returns a file and page for an address: `ID` for the first page, `ID.3` for another. */
export const writeChosen = ({ id, page }: Chosen): string => (page === 1 ? id : `${id}.${page}`)

function readChosen(text: string): Chosen {
  const [id = '', page] = text.split('.')
  const number = page === undefined ? 1 : Number(page)
  return { id, page: Number.isInteger(number) && number > 0 ? number : 1 }
}

/** Reads the choice among some files; a page may have several viewers, each with files of its own. */
export function readChoice(query: Query, ids: readonly string[]): Choice {
  const own = (name: string) =>
    all(query[name])
      .map(readChosen)
      .find(({ id }) => ids.includes(id)) ?? null
  const side = PAGE_SIDES.find((one) => String(one) === query.side) ?? null
  return { first: own('file'), beside: own('beside'), side }
}

/** Lists the parameters that an address has once, after an act. */
const PASSING = new Set(['done', 'error', 'upheld', 'side'])

/** Returns the other parameters of an address, which a viewer of some files keeps. */
export const otherQuery = (query: Query, ids: readonly string[]): string => {
  const rest = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    for (const text of all(value)) {
      const own = (name === 'file' || name === 'beside') && ids.includes(readChosen(text).id)
      if (!PASSING.has(name) && !own) rest.append(name, text)
    }
  }
  return rest.toString()
}

/** Returns the address of a choice, relative to its page. */
export function choiceHref(rest: string, { first, beside, side }: Choice): string {
  const query = new URLSearchParams(rest)
  if (first) query.append('file', writeChosen(first))
  if (beside) query.append('beside', writeChosen(beside))
  if (side) query.set('side', String(side))
  return `?${query}`
}

/** The most files that a viewer shows at once; the others are a link away. */
export const FILES_AT_ONCE = 12

/**
 * Returns the group of files that a viewer shows: the group with the chosen file, else the requested one, else the
 * first.
 */
export function groupOf(query: Query, ids: readonly string[]) {
  const groups = Math.max(1, Math.ceil(ids.length / FILES_AT_ONCE))
  const chosen = readChoice(query, ids).first
  const asked = Number(typeof query.files === 'string' ? query.files : 1)
  const wanted = chosen ? Math.floor(ids.indexOf(chosen.id) / FILES_AT_ONCE) + 1 : asked
  const at = Number.isInteger(wanted) && wanted >= 1 && wanted <= groups ? wanted : 1
  const from = (at - 1) * FILES_AT_ONCE
  return { at, groups, first: from + 1, ids: ids.slice(from, from + FILES_AT_ONCE) }
}
