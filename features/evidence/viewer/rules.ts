import type { Box } from '#lib/imei/pixels.ts'
import { PAGE_SIDES, type PageSide } from '../files/limits-rules.ts'
import type { Sight, Size } from '../turning/rules.ts'

export type PageQuery = Readonly<Record<string, string | readonly string[] | undefined>>

export interface ChosenPage {
  readonly id: string
  readonly page: number
}

export interface ViewerChoice {
  readonly first: ChosenPage | null
  readonly beside: ChosenPage | null
  /** Null: as large as there is room. */
  readonly side: PageSide | null
}

const all = (value: PageQuery[string]): readonly string[] =>
  value === undefined ? [] : typeof value === 'string' ? [value] : value

/** Formats a file and page for the query: `ID` for the first page, `ID.3` for another. */
const writeChosen = ({ id, page }: ChosenPage): string => (page === 1 ? id : `${id}.${page}`)

function readChosen(text: string): ChosenPage {
  const [id = '', page] = text.split('.')
  const number = page === undefined ? 1 : Number(page)
  return { id, page: Number.isInteger(number) && number > 0 ? number : 1 }
}

/** Reads the choice among the given files; a page may have several viewers, each with its own files. */
export function readViewerChoice(query: PageQuery, ids: readonly string[]): ViewerChoice {
  const own = (name: string) =>
    all(query[name])
      .map(readChosen)
      .find(({ id }) => ids.includes(id)) ?? null
  const side = PAGE_SIDES.find((one) => String(one) === query.side) ?? null
  return { first: own('file'), beside: own('beside'), side }
}

/** Query parameters that links drop: the result of an act, and the size of the picture. */
const PASSING = new Set(['done', 'error', 'upheld', 'side'])

export const otherQuery = (query: PageQuery, ids: readonly string[]): string => {
  const rest = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    for (const text of all(value)) {
      const own = (name === 'file' || name === 'beside') && ids.includes(readChosen(text).id)
      if (!PASSING.has(name) && !own) rest.append(name, text)
    }
  }
  return rest.toString()
}

export function choiceHref(rest: string, { first, beside, side }: ViewerChoice): string {
  const query = new URLSearchParams(rest)
  if (first) query.append('file', writeChosen(first))
  if (beside) query.append('beside', writeChosen(beside))
  if (side) query.set('side', String(side))
  return `?${query}`
}

/** Files that a viewer shows at once; the others are one link away. */
const FILES_AT_ONCE = 12

/** Returns the group of files that a viewer shows: the group of the chosen file, else the requested one, else the first. */
export function viewedGroup(query: PageQuery, ids: readonly string[]) {
  const groups = Math.max(1, Math.ceil(ids.length / FILES_AT_ONCE))
  const chosen = readViewerChoice(query, ids).first
  const asked = Number(typeof query.files === 'string' ? query.files : 1)
  const wanted = chosen ? Math.floor(ids.indexOf(chosen.id) / FILES_AT_ONCE) + 1 : asked
  const at = Number.isInteger(wanted) && wanted >= 1 && wanted <= groups ? wanted : 1
  const from = (at - 1) * FILES_AT_ONCE
  return { at, groups, first: from + 1, ids: ids.slice(from, from + FILES_AT_ONCE) }
}

/** A frame in the picture's own units, with the place of its label. */
interface Tagged<T> {
  readonly label: string
  readonly tone: T
  readonly frame: { readonly x: number; readonly y: number; readonly width: number; readonly height: number }
  /** `line` connects the label to its frame if it is beside it; null if it is above. */
  readonly tag: {
    readonly x: number
    readonly y: number
    readonly width: number
    readonly line: string | null
  }
}

const overlaps = (a: Tagged<unknown>['frame'], b: Tagged<unknown>['frame']): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height

/**
 * Places each frame's label where it covers no character: left of its frame, else right of it, else above the first frame, side
 * by side. Below is not possible, because the number is printed close below its bars.
 */
export function tagged<T>(
  boxes: readonly { readonly label: string; readonly tone: T; readonly box: Box }[],
  { shown, sight, letter }: { readonly shown: Size; readonly sight: Sight; readonly letter: number },
): readonly Tagged<T>[] {
  const pad = letter / 3
  const height = letter * 1.6
  const [left, right] = [sight.x - 0.5 / sight.zoom, sight.x + 0.5 / sight.zoom].map(
    (at) => at * shown.width,
  ) as [number, number]
  const frames = boxes.map(({ box, label, tone }) => ({
    label,
    tone,
    frame: {
      x: box.x * shown.width - pad,
      y: box.y * shown.height - pad,
      width: box.width * shown.width + 2 * pad,
      height: box.height * shown.height + 2 * pad,
    },
  }))
  const top = Math.min(...frames.map(({ frame }) => frame.y))
  let above = Math.max(0, Math.min(...frames.map(({ frame }) => frame.x)))
  return frames.map(({ label, tone, frame }) => {
    const width = (label.length * 0.58 + 1) * letter
    const middle = frame.y + frame.height / 2
    const y = middle - height / 2
    const isFree = (x: number) =>
      x >= Math.max(0, left) &&
      x + width <= Math.min(shown.width, right) &&
      !frames.some((other) => overlaps({ x, y, width, height }, other.frame))
    const [atLeft, atRight] = [frame.x - letter - width, frame.x + frame.width + letter]
    if (isFree(atLeft))
      return { label, tone, frame, tag: { x: atLeft, y, width, line: line(frame.x, middle, -letter) } }
    if (isFree(atRight))
      return {
        label,
        tone,
        frame,
        tag: { x: atRight, y, width, line: line(frame.x + frame.width, middle, letter) },
      }
    const x = above
    above += width + pad
    return { label, tone, frame, tag: { x, y: Math.max(0, top - height - pad), width, line: null } }
  })
}

const line = (x: number, y: number, by: number): string => `M${x} ${y}h${by}`
