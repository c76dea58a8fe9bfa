import { offeredImeis, type SeenBarcode } from './picture.ts'
import {
  anglesOf,
  type Box,
  boxAround,
  enlarge,
  type Grey,
  greyOf,
  type Pixels,
  type Point,
  shrink,
  turned,
  withoutDarkSurfaces,
} from './pixels.ts'

/** Decodes the barcodes of one picture without changing it: zxing-wasm, in the browser's worker and on the server. */
export type Decode = (
  pixels: Pixels,
) => Promise<readonly (SeenBarcode & { readonly corners?: readonly Point[] })[]>

/** A barcode and its place in the picture; null if the decoder gave none. */
export interface PlacedBarcode extends SeenBarcode {
  readonly box: Box | null
}

/** Options for zxing-wasm. Retail codes are left out. */
export const READER_OPTIONS = {
  formats: ['Code128', 'Code39', 'Code93', 'QRCode', 'DataMatrix', 'PDF417'],
  tryHarder: true,
  tryRotate: true,
  tryInvert: true,
  tryDownscale: true,
  maxNumberOfSymbols: 32,
} as const

/** The longest useful side, in pixels: a label that fills a third of the picture still has two pixels per bar. */
export const FULL_SIDE = 2600
/** Enough for a label that fills the picture. */
const FIRST_SIDE = 1600
/** Enough to see the angle of a label. */
const ANGLE_SIDE = 900
/** Smaller pictures are also tried enlarged. */
const SMALL_SIDE = 1300

/** Angles to try, in degrees, if no edge shows one. zxing itself reads quarter turns, and up to some 10° off. */
const ANGLES = [12, -12, 24, -24, 36, -36] as const

export interface PassOptions {
  /** Called before each pass: `at` of `of`. */
  readonly progress?: (at: number, of: number) => void
  /** Called before each pass; true ends the search. */
  readonly stopped?: () => boolean
  /** Called with all barcodes so far, after each pass that found a new IMEI. */
  readonly found?: (barcodes: readonly SeenBarcode[]) => void
}

/** A picture to decode: the whole of `of`, at any size, turned by some degrees. */
interface View {
  readonly picture: Grey
  readonly of: Grey
  readonly turn: number
}

/**
 * Reads barcodes pass after pass, the likeliest first, until one gives an IMEI: the picture unchanged, with dark surfaces made
 * light, turned upright by its own edges, enlarged, turned by angles on trial. Returns all decoded barcodes, each once, with its
 * place. It uses {@link FULL_SIDE} pixels of a side at most; a larger picture is shrunk.
 */
export async function readInPasses(
  decode: Decode,
  pixels: Pixels,
  { progress, stopped, found }: PassOptions = {},
): Promise<readonly PlacedBarcode[]> {
  const passes = passesOf(shrink(greyOf(pixels), FULL_SIDE))
  const seen = new Map<string, PlacedBarcode>()
  let imeis = 0
  for (const [at, { draw, always }] of passes.entries()) {
    if (imeis > 0 && !always) continue
    if (stopped?.()) break
    progress?.(at, passes.length)
    const view = draw()
    if (view === null) continue
    for (const { format, text, corners } of await decode(pixelsOf(view.picture))) {
      seen.set(`${format} ${text}`, { format, text, box: corners ? boxIn(view, corners) : null })
    }
    const offered = offeredImeis({ barcodes: [...seen.values()], lines: [] }).length
    if (offered > imeis) found?.([...seen.values()])
    imeis = offered
  }
  return [...seen.values()]
}

function pixelsOf({ data, width, height }: Grey): Pixels {
  const pixels = new Uint8ClampedArray(width * height * 4)
  const words = new Uint32Array(pixels.buffer)
  for (let at = 0; at < data.length; at++) {
    // Three equal bytes and full opacity: only the place of the opacity differs between the two byte orders.
    const light = data[at] ?? 0
    words[at] = LITTLE_ENDIAN ? (0xff000000 | (light * 0x010101)) >>> 0 : ((light * 0x01010100) | 0xff) >>> 0
  }
  return { data: pixels, width, height }
}

const LITTLE_ENDIAN = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1

/** Returns the part of the picture, before it was turned, that encloses some points of the view. */
const boxIn = ({ picture, of, turn }: View, points: readonly Point[]): Box =>
  turn === 0
    ? boxAround(points, picture)
    : boxAround(
        points.map((point) => turnedBack(of, picture, turn, point)),
        of,
      )

/** Returns the original place of a point in a picture that was {@link turned}. */
function turnedBack(grey: Grey, of: Grey, degrees: number, [x, y]: Point): Point {
  const angle = (degrees * Math.PI) / 180
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  const [right, down] = [x - (of.width - 1) / 2, y - (of.height - 1) / 2]
  return [(grey.width - 1) / 2 + right * cos + down * sin, (grey.height - 1) / 2 - right * sin + down * cos]
}

function passesOf(full: Grey): readonly {
  /** null if the pass does not apply to this picture. */
  readonly draw: () => View | null
  /** Cheap enough to look for a second number after the first. */
  readonly always: boolean
}[] {
  const first = shrink(full, FIRST_SIDE)
  const small = Math.max(full.width, full.height) < SMALL_SIDE
  const large = (): Grey | null => (small ? enlarge(full, 2) : full === first ? null : full)
  const light = once(() => withoutDarkSurfaces(first))
  const angles = once(() => anglesOf(shrink(full, ANGLE_SIDE), 4).filter((angle) => Math.abs(angle) > 2))
  const as = (picture: Grey | null): View | null => picture && { picture, of: picture, turn: 0 }
  const turn = (of: Grey | null, degrees: number | undefined): View | null =>
    of && degrees !== undefined ? { picture: turned(of, degrees), of, turn: degrees } : null
  return [
    { draw: () => as(first), always: true },
    { draw: () => as(light()), always: true },
    { draw: () => turn(first, angles()[0]), always: true },
    { draw: () => turn(first, angles()[1]), always: true },
    { draw: () => turn(light(), angles()[0]), always: true },
    { draw: () => turn(first, angles()[2]), always: true },
    { draw: () => as(large()), always: small },
    { draw: () => as(small && light() ? withoutDarkSurfaces(enlarge(full, 2)) : null), always: true },
    { draw: () => turn(large(), angles()[0]), always: false },
    ...ANGLES.map((angle) => ({ draw: () => turn(first, angle), always: false })),
  ]
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
