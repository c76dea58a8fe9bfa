import { MAX_FILE_BYTES, MAX_PIXELS } from '#features/evidence/files/limits-rules.ts'
import { FULL_SIDE } from '#lib/imei/barcode-passes.ts'
import { offeredImeis, type SeenBarcode } from '#lib/imei/picture.ts'
import { HEAD_BYTES, readHead } from '#lib/imei/picture-file.ts'
import { type Grey, greyOf, type Pixels } from '#lib/imei/pixels.ts'
import type { PhotoAnswer, PhotoFault, PhotoRequest } from './device-messages.ts'

/**
 * Reads a photo in a worker beside the page, where WebAssembly may run (docs/adr/0065): first with the browser's own detector,
 * then with zxing-wasm, and its text on request. Nothing that it reads leaves the browser.
 */

/** Longer side of the picture beside the numbers, in pixels. */
const SHOWN_SIDE = 960
/** Longer side of the stored copy of a photo that is too large, in pixels. */
const STORED_SIDE = 4096
/** More pixels than any phone's camera takes: a larger file is made to exhaust the memory. */
const MOST_PIXELS = 210_000_000
/** Above this, ImageDecoder is asked for a smaller picture, which takes half the time of full decoding. */
const LARGE_PIXELS = 8_000_000

const answer = (message: PhotoAnswer): void => self.postMessage(message)

let grey: Grey | null = null
let isReading = false

self.addEventListener('message', ({ data }: MessageEvent<PhotoRequest>) => {
  if (data.ask === 'ready') {
    // A photo that came in the meantime reports the failure itself.
    makeReady().catch(() => isReading || answer({ told: 'unavailable' }))
    return
  }
  isReading = true
  const work = data.ask === 'barcodes' ? readBarcodes(data.file) : readText()
  work.catch(() => answer({ told: 'unavailable' }))
})

async function makeReady(): Promise<void> {
  const { prepare } = await import('./device-barcodes.ts')
  await prepare()
}

async function readBarcodes(file: File): Promise<void> {
  const opened = await open(file)
  if (typeof opened === 'string') return answer({ told: 'fault', fault: opened })
  answer({ told: 'progress', percent: 10 })
  const pixels = pixelsOf(opened)
  const native = await readNatively(opened)
  opened.close()
  grey = greyOf(pixels)
  const first = offeredImeis({ barcodes: native, lines: [] })
  // A single number may be one of two of a dual-SIM phone, so the other reader looks again.
  if (first.length > 1) return answer({ told: 'found', imeis: first.map(({ imei }) => imei) })
  try {
    const { readWithZxing } = await import('./device-barcodes.ts')
    const progress = (at: number, of: number) =>
      answer({ told: 'progress', percent: 20 + Math.round((80 * at) / of) })
    // Numbers are offered as soon as they are found; another label in the photo may need a few more passes.
    const tell = (zxing: readonly SeenBarcode[]) => {
      const offered = offeredImeis({ barcodes: [...native, ...zxing], lines: [] })
      answer({ told: 'found', imeis: offered.map(({ imei }) => imei) })
    }
    tell(await readWithZxing(pixels, { progress, found: tell }))
  } catch {
    if (first.length === 0) answer({ told: 'unavailable' })
    else answer({ told: 'found', imeis: first.map(({ imei }) => imei) })
  }
}

async function readText(): Promise<void> {
  if (grey === null) return answer({ told: 'unavailable' })
  const { readLines } = await import('./device-text.ts')
  const lines = await readLines(grey, (percent) => answer({ told: 'progress', percent }))
  answer({ told: 'found', imeis: offeredImeis({ barcodes: [], lines }).map(({ imei }) => imei) })
}

/** Decodes a file at most as large as needed, and sends the page its copies. */
async function open(file: File): Promise<ImageBitmap | PhotoFault> {
  const { kind, size } = readHead(new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer()))
  if (kind === 'empty' || kind === 'pdf') return kind
  const count = size === null ? 0 : size.width * size.height
  if (count > MOST_PIXELS) return 'too_large'
  try {
    const tooLarge = file.size > MAX_FILE_BYTES || count > MAX_PIXELS
    const side = tooLarge ? STORED_SIDE : FULL_SIDE
    const bitmap = await decode(file, size, side)
    // It is drawn now, and encoded while the photo is read.
    copyOf(bitmap, SHOWN_SIDE).then(
      (copy) => answer({ told: 'shown', copy }),
      () => {},
    )
    if (!tooLarge) return bitmap
    answer({ told: 'reduced', copy: await copyOf(bitmap, STORED_SIDE) })
    const smaller = await createImageBitmap(bitmap, within(bitmap, FULL_SIDE))
    bitmap.close()
    return smaller
  } catch {
    return kind === 'heic' ? 'heic' : 'broken'
  }
}

type Size = { readonly width: number; readonly height: number }

const within = ({ width, height }: Size, side: number) => {
  const scale = Math.min(1, side / Math.max(width, height))
  return {
    resizeWidth: Math.max(1, Math.round(width * scale)),
    resizeHeight: Math.max(1, Math.round(height * scale)),
    resizeQuality: 'medium',
  } as const
}

async function decode(file: File, size: Size | null, side: number): Promise<ImageBitmap> {
  if (size !== null && size.width * size.height > LARGE_PIXELS) {
    const small = await decodeSmall(file, size, side)
    if (small !== null) return small
  }
  if (size === null || Math.max(size.width, size.height) <= side) return createImageBitmap(file)
  // Only the width: a portrait photo is stored in landscape, and the browser rotates it before it resizes.
  const { resizeWidth, resizeQuality } = within(size, side)
  return createImageBitmap(file, { resizeWidth, resizeQuality })
}

/**
 * Decodes to the wanted size, which saves most of a JPEG's work and memory. Null if the browser has no such decoder or it fails.
 */
async function decodeSmall(file: File, size: Size, side: number): Promise<ImageBitmap | null> {
  if (!('ImageDecoder' in self) || !(await ImageDecoder.isTypeSupported(file.type))) return null
  const { resizeWidth, resizeHeight } = within(size, side)
  const decoder = new ImageDecoder({
    data: file.stream(),
    type: file.type,
    desiredWidth: resizeWidth,
    desiredHeight: resizeHeight,
  })
  try {
    const { image } = await decoder.decode()
    try {
      return await createImageBitmap(
        image,
        within({ width: image.displayWidth, height: image.displayHeight }, side),
      )
    } finally {
      image.close()
    }
  } catch {
    return null
  } finally {
    decoder.close()
  }
}

function draw(bitmap: ImageBitmap, side: number): OffscreenCanvasRenderingContext2D {
  const { resizeWidth, resizeHeight } = within(bitmap, side)
  const canvas = new OffscreenCanvas(resizeWidth, resizeHeight)
  const context = canvas.getContext('2d', { willReadFrequently: true })
  if (context === null) throw new Error('no canvas')
  context.fillStyle = '#fff'
  context.fillRect(0, 0, resizeWidth, resizeHeight)
  context.drawImage(bitmap, 0, 0, resizeWidth, resizeHeight)
  return context
}

const copyOf = (bitmap: ImageBitmap, side: number): Promise<Blob> =>
  draw(bitmap, side).canvas.convertToBlob({ type: 'image/jpeg', quality: 0.85 })

function pixelsOf(bitmap: ImageBitmap): Pixels {
  const context = draw(bitmap, FULL_SIDE)
  const { data, width, height } = context.getImageData(0, 0, context.canvas.width, context.canvas.height)
  return { data: data as Pixels['data'], width, height }
}

/** Reads barcodes with the browser's own detector, as on Android (W3C, Accelerated Shape Detection). */
async function readNatively(bitmap: ImageBitmap): Promise<readonly SeenBarcode[]> {
  const { BarcodeDetector } = self as unknown as {
    readonly BarcodeDetector?: {
      new (options: {
        readonly formats: readonly string[]
      }): {
        detect(
          picture: ImageBitmap,
        ): Promise<readonly { readonly format: string; readonly rawValue: string }[]>
      }
      getSupportedFormats(): Promise<readonly string[]>
    }
  }
  if (BarcodeDetector === undefined) return []
  try {
    const wanted = ['code_128', 'code_39', 'code_93', 'qr_code', 'data_matrix', 'pdf417']
    const formats = (await BarcodeDetector.getSupportedFormats()).filter((format) => wanted.includes(format))
    if (formats.length === 0) return []
    const seen = await new BarcodeDetector({ formats }).detect(bitmap)
    return seen.map(({ format, rawValue }) => ({ format, text: rawValue }))
  } catch {
    return []
  }
}
