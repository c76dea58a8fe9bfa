import type { Box } from '#lib/imei/pixels.ts'

export type Quarters = 0 | 1 | 2 | 3

/** Normalises a number of quarter turns to the right (below 0: to the left) to 0 to 3. */
export const quarters = (turns: number): Quarters => ((((Math.trunc(turns) || 0) % 4) + 4) % 4) as Quarters

export interface Size {
  readonly width: number
  readonly height: number
}

export const turnedSize = ({ width, height }: Size, turns: Quarters): Size =>
  turns % 2 === 0 ? { width, height } : { width: height, height: width }

/** Returns the box of a part of a page after the page is turned, in shares of the turned page. */
export function turnedBox({ x, y, width, height }: Box, turns: Quarters): Box {
  const [right, bottom] = [1 - x - width, 1 - y - height]
  switch (turns) {
    case 0:
      return { x, y, width, height }
    case 1:
      return { x: bottom, y: x, width: height, height: width }
    case 2:
      return { x: right, y: bottom, width, height }
    case 3:
      return { x: y, y: right, width: height, height: width }
  }
}

/** Returns the SVG transform that turns a page and moves it back to the origin. */
export function turningTransform({ width, height }: Size, turns: Quarters): string {
  const [right, down] = [
    [0, 0],
    [height, 0],
    [width, height],
    [0, width],
  ][turns] as [number, number]
  return `translate(${right} ${down}) rotate(${turns * 90})`
}

/** The visible part of a page: `zoom` relative to the whole page, centred on a point in shares of the page. */
export interface Sight {
  readonly zoom: number
  readonly x: number
  readonly y: number
}

export const WHOLE: Sight = { zoom: 1, x: 0.5, y: 0.5 }

export const MAX_ZOOM = 12

/** Returns the sight within bounds: never smaller than the whole page, and never beside it. */
export function bounded({ zoom, x, y }: Sight): Sight {
  const near = Math.min(MAX_ZOOM, Math.max(1, zoom))
  const within = (share: number) => Math.min(1 - 0.5 / near, Math.max(0.5 / near, share))
  return { zoom: near, x: within(x), y: within(y) }
}

/** Returns the sight zoomed by `times`, with one point of the page (in shares) kept at its place on the screen. */
export function zoomed(
  sight: Sight,
  times: number,
  at: { readonly x: number; readonly y: number } = sight,
): Sight {
  const zoom = Math.min(MAX_ZOOM, Math.max(1, sight.zoom * times))
  const kept = sight.zoom / zoom
  return bounded({ zoom, x: at.x + (sight.x - at.x) * kept, y: at.y + (sight.y - at.y) * kept })
}

/** Returns the sight moved by shares of the visible part. */
export const moved = (sight: Sight, right: number, down: number): Sight =>
  bounded({ ...sight, x: sight.x + right / sight.zoom, y: sight.y + down / sight.zoom })

export const USUAL_PLACE: Size = { width: 19, height: 10 }

/** Returns the sight in which a part of a page fills two thirds of its place on the screen. */
export function sightOf(part: Box, page: Size, place: Size = USUAL_PLACE, most = 6): Sight {
  const fits = Math.min(place.width / page.width, place.height / page.height)
  const across = place.width / (Math.max(part.width, 0.01) * page.width * fits)
  const down = place.height / (Math.max(part.height, 0.01) * page.height * fits)
  const [x, y] = [part.x + part.width / 2, part.y + part.height / 2]
  return bounded({ zoom: Math.min(across * 0.66, down * 0.66, most), x, y })
}

export function around(parts: readonly Box[]): Box {
  const [x, y] = [Math.min(...parts.map((one) => one.x)), Math.min(...parts.map((one) => one.y))]
  const right = Math.max(...parts.map((one) => one.x + one.width))
  const bottom = Math.max(...parts.map((one) => one.y + one.height))
  return { x, y, width: right - x, height: bottom - y }
}

export function viewBoxOf({ width, height }: Size, sight: Sight): string {
  const { zoom, x, y } = bounded(sight)
  const numbers = [(x - 0.5 / zoom) * width, (y - 0.5 / zoom) * height, width / zoom, height / zoom]
  return numbers.map((number) => Math.round(number * 100) / 100).join(' ')
}
