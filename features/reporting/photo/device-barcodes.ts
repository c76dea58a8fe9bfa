import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader'
import { type PassOptions, READER_OPTIONS, readInPasses } from '#lib/imei/barcode-passes.ts'
import type { SeenBarcode } from '#lib/imei/picture.ts'
import type { Pixels } from '#lib/imei/pixels.ts'

/** Served from our own origin under a content hash: by default the package loads it from another site. */
const program = new URL('zxing-wasm/reader/zxing_reader.wasm', import.meta.url).href
const overrides = { locateFile: () => program }
prepareZXingModule({ overrides })

const options = { ...READER_OPTIONS, formats: [...READER_OPTIONS.formats] }

/** Fetches and compiles the WebAssembly. */
export const prepare = async (): Promise<void> => {
  await prepareZXingModule({ overrides, fireImmediately: true })
}

export const readWithZxing = (pixels: Pixels, passes: PassOptions): Promise<readonly SeenBarcode[]> =>
  readInPasses(
    async ({ data, width, height }) => {
      const found = await readBarcodes(new ImageData(data, width, height), options)
      return found.map(({ format, text }) => ({ format, text }))
    },
    pixels,
    passes,
  )
