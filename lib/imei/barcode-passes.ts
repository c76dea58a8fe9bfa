import { offeredImeis, type SeenBarcode } from './picture.ts'
import {
  type Box,
  boxAround,
  type Grey,
  greyOf,
  type Pixels,
  type Point,
  pixelsOf,
  shrink,
  turned,
  turnedBack,
  twice,
  withoutDarkSurround,
} from './pixels.ts'

/** Decodes the barcodes of one picture as it stands; zxing-wasm in the browser's worker and on the server. */
export type Decode = (
  pixels: Pixels,
) => Promise<readonly (SeenBarcode & { readonly corners?: readonly Point[] })[]>

/** A barcode and the part of the picture that it stands in; null where the decoder did not say. */
export interface PlacedBarcode extends SeenBarcode {
  readonly box: Box | null
}

/** What zxing-wasm is asked for. Retail codes are not even looked for. */
export const READER_OPTIONS = {
  formats: ['Code128', 'Code39', 'Code93', 'QRCode', 'DataMatrix', 'PDF417'],
  tryHarder: true,
  tryRotate: true,
  tryInvert: true,
  tryDownscale: true,
  maxNumberOfSymbols: 32,
} as const

/** The longest side that is worth looking at: a label that fills a third of the picture still has two pixels a bar. */
export const FULL_SIDE = 2600
/** Enough for a label that fills the picture. */
const FIRST_SIDE = 1600
/** Below it, a picture is also tried enlarged. */
const SMALL_SIDE = 1300

/** zxing itself reads what is turned by a quarter, and up to some 10° off. */
const ANGLES = [12, -12, 24, -24, 36, -36] as const

export interface PassOptions {
  /** Told before each pass: `at` of `of`. */
  readonly progress?: (at: number, of: number) => void
  /** Asked before each pass. */
  readonly stopped?: () => boolean
}

/**
 * Reads barcodes in pass after pass, the likeliest first, until one gives an IMEI: as it is, larger, with its dark
 * surround made white, turned. Returns all that was decoded, each once. Takes at most {@link FULL_SIDE} pixels of a side;
 * a larger picture is shrunk.
 */
export async function readInPasses(
  decode: Decode,
  pixels: Pixels,
  { progress, stopped }: PassOptions = {},
): Promise<readonly PlacedBarcode[]> {
  const full = shrink(greyOf(pixels), FULL_SIDE)
  const first = shrink(full, FIRST_SIDE)
  const passes = passesOf(full, first)
  const seen = new Map<string, PlacedBarcode>()
  for (const [at, pass] of passes.entries()) {
    if (stopped?.()) break
    progress?.(at, passes.length)
    const { picture, from, back } = pass()
    if (picture === null) continue
    for (const { format, text, corners } of await decode(pixelsOf(picture))) {
      const box = corners ? boxAround(corners.map(back ?? asItIs), back ? from : picture) : null
      seen.set(`${format} ${text}`, { format, text, box })
    }
    if (offeredImeis({ barcodes: [...seen.values()], lines: [] }).length > 0 && at > 0) break
    if (at === 0 && offeredImeis({ barcodes: [...seen.values()], lines: [] }).length > 1) break
  }
  return [...seen.values()]
}

/** A picture to look at; null where it would be one that was looked at before. */
interface Pass {
  readonly picture: Grey | null
  /** The picture that it was made of. */
  readonly from: Grey
  /** Where a point of it was in `from`, for one that was turned. */
  readonly back?: (point: Point) => Point
}
const asItIs = (point: Point): Point => point

function passesOf(full: Grey, first: Grey): readonly (() => Pass)[] {
  const small = Math.max(full.width, full.height) < SMALL_SIDE
  return [
    () => ({ from: full, picture: first }),
    () => ({ from: full, picture: small ? twice(full) : full === first ? null : full }),
    () => ({ from: first, picture: withoutDarkSurround(first) }),
    ...ANGLES.map((angle) => () => {
      const picture = turned(first, angle)
      return { from: first, picture, back: (point: Point) => turnedBack(first, picture, angle, point) }
    }),
    () => ({ from: full, picture: small ? null : withoutDarkSurround(full) }),
  ]
}
