import '#server-only'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { prepareZXingModule, readBarcodes as readWithZxing } from 'zxing-wasm/reader'
import { type Decode, type PassOptions, READER_OPTIONS, readInPasses } from '#lib/imei/barcode-passes.ts'
import type { SeenBarcode } from '#lib/imei/picture.ts'
import type { Pixels } from '#lib/imei/pixels.ts'

let prepared = false

/** Gives the reader its program from the package: left alone it asks a network for it. */
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
  return found.map(({ format, text }) => ({ format, text }))
}

/**
 * Returns the barcodes of a picture, given as RGBA pixels (sharp: `ensureAlpha().raw()`), as the browser's reader does.
 * Takes 50 to 500 ms of processor time for two megapixels: for the worker.
 */
export const readBarcodes = (pixels: Pixels, options?: PassOptions): Promise<readonly SeenBarcode[]> =>
  readInPasses(decode, pixels, options)
