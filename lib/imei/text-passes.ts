import { offeredImeis } from './picture.ts'
import { anglesOf, cleared, enlarge, type Grey, shrink, turned } from './pixels.ts'

/** At this size the print of a settings page is 20 to 40 pixels high, which is what readers of text are made for. */
const TEXT_SIDE = 1500
const ANGLE_SIDE = 900

/**
 * Reads the text of a picture, turned upright by its own edges and then by quarters, until it has an IMEI. Returns the
 * lines of the pass that found it, or none.
 */
export async function readTextInPasses(
  recognise: (picture: Grey) => Promise<readonly string[]>,
  grey: Grey,
  {
    progress,
    stopped,
  }: {
    readonly progress?: (at: number, of: number) => void
    readonly stopped?: () => boolean
  } = {},
): Promise<readonly string[]> {
  const clear = cleared(grey)
  const times = TEXT_SIDE / Math.max(grey.width, grey.height)
  const sized = times > 1 ? enlarge(clear, Math.min(times, 3)) : shrink(clear, TEXT_SIDE)
  const [angle = 0] = anglesOf(shrink(clear, ANGLE_SIDE), 1)
  const upright = Math.abs(angle) < 1 ? sized : turned(sized, angle)
  const passes = [0, 180, 90, 270].map(
    (quarter) => () => (quarter === 0 ? upright : turned(upright, quarter)),
  )
  for (const [at, draw] of passes.entries()) {
    if (stopped?.()) break
    progress?.(at, passes.length)
    const lines = await recognise(draw())
    if (offeredImeis({ barcodes: [], lines }).length > 0) return lines
  }
  return []
}

/** Returns a picture as a file that text readers accept (Netpbm's PGM, binary). */
export function pgmOf({ data, width, height }: Grey): Uint8Array<ArrayBuffer> {
  const head = new TextEncoder().encode(`P5\n${width} ${height}\n255\n`)
  const file = new Uint8Array(head.length + data.length)
  file.set(head)
  file.set(data, head.length)
  return file
}
