import '#server-only'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { prepareZXingModule, readBarcodes as readWithZxing } from 'zxing-wasm/reader'
import {
  type Decode,
  type PassOptions,
  type PlacedBarcode,
  READER_OPTIONS,
  readInPasses,
} from '#lib/imei/barcode-passes.ts'
import type { Pixels } from '#lib/imei/pixels.ts'

let prepared = false

/** Loads the reader's WebAssembly from the package; by default it would be fetched from the network. */
function prepare(): void {
  if (prepared) return
  const wasm = readFileSync(fileURLToPath(import.meta.resolve('zxing-wasm/reader/zxing_reader.wasm')))
  prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(wasm).buffer } })
  prepared = true
}

const decode: Decode = async (pixels) => {
  prepare()
  const found = await readWithZxing(pixels as ImageData, {
    ...READER_OPTIONS,
    formats: [...READER_OPTIONS.formats],
  })
  return found.map(({ format, text, position }) => {
    const { topLeft, topRight, bottomRight, bottomLeft } = position
    const corners = [topLeft, topRight, bottomRight, bottomLeft].map(({ x, y }) => [x, y] as const)
    return { format, text, corners }
  })
}

/**
 * Reads the barcodes of a picture in RGBA pixels (sharp: `ensureAlpha().raw()`), with their positions, as the browser's reader
 * does. Takes 50 to 500 ms of processor time for two megapixels, so it belongs in the worker.
 */
export const readBarcodes = (pixels: Pixels, options?: PassOptions): Promise<readonly PlacedBarcode[]> =>
  readInPasses(decode, pixels, options)
