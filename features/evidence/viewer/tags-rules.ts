import type { Box } from '#lib/imei/pixels.ts'
import type { Sight, Size } from '../turning/rules.ts'

/** A frame in a picture as it is drawn, in the picture's own units, and where its name stands. */
interface Tagged<T> {
  readonly label: string
  readonly tone: T
  readonly frame: { readonly x: number; readonly y: number; readonly width: number; readonly height: number }
  /** Joined to its frame by a line where it stands beside it. */
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
 * Places the name of each frame where it covers no character: at the left of its frame, on the margin; else at its right; else
 * above the first frame, one beside the other. The number is printed close below its bars, so below is no place.
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
