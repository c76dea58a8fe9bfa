import { offeredImeis, type SeenBarcode } from './picture.ts'
import {
  type Grey,
  greyOf,
  type Pixels,
  pixelsOf,
  shrink,
  turned,
  twice,
  withoutDarkSurround,
} from './pixels.ts'

/** Decodes the barcodes of one picture as it stands; zxing-wasm in the browser's worker and on the server. */
export type Decode = (pixels: Pixels) => Promise<readonly SeenBarcode[]>

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
): Promise<readonly SeenBarcode[]> {
  const full = shrink(greyOf(pixels), FULL_SIDE)
  const first = shrink(full, FIRST_SIDE)
  const passes = passesOf(full, first)
  const seen = new Map<string, SeenBarcode>()
  for (const [at, pass] of passes.entries()) {
    if (stopped?.()) break
    progress?.(at, passes.length)
    const picture = pass()
    if (picture === null) continue
    for (const barcode of await decode(pixelsOf(picture))) {
      seen.set(`${barcode.format} ${barcode.text}`, barcode)
    }
    if (offeredImeis({ barcodes: [...seen.values()], lines: [] }).length > 0 && at > 0) break
    if (at === 0 && offeredImeis({ barcodes: [...seen.values()], lines: [] }).length > 1) break
  }
  return [...seen.values()]
}

function passesOf(full: Grey, first: Grey): readonly (() => Grey | null)[] {
  const small = Math.max(full.width, full.height) < SMALL_SIDE
  return [
    () => first,
    () => (small ? twice(full) : full === first ? null : full),
    () => withoutDarkSurround(first),
    ...ANGLES.map((angle) => () => turned(first, angle)),
    () => (small ? null : withoutDarkSurround(full)),
  ]
}
