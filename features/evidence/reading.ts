import '#server-only'
import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { PDFiumPage } from '@hyzyla/pdfium'
import sharp, { type Sharp } from 'sharp'
import type { Worker } from 'tesseract.js'
import { FULL_SIDE, type PlacedBarcode } from '#lib/imei/barcode-passes.ts'
import { parseImei } from '#lib/imei/imei.ts'
import { offeredImeis } from '#lib/imei/picture.ts'
import type { Box } from '#lib/imei/pixels.ts'
import { readBarcodes } from '#platform/barcodes.ts'
import { answerWork } from '#platform/child-worker.ts'
import { MAX_PAGES, MAX_PIXELS } from './files/limits-rules.ts'
import { type Copy, copy } from './pictures.ts'
import type { ReadingResult, ReadingWork } from './readings/acts.ts'
import type { ReadImei } from './readings/rules.ts'

// Runs in its own process (readings/acts.ts); the libraries for PDFs and letters are loaded only when needed.

/** How many pages of a PDF without barcodes get letter recognition, which takes seconds of a core per page. */
const MAX_RECOGNISED = 3
/** Milliseconds after which nothing more is tried; what was found by then counts. The process limit is longer. */
const BUDGET = 60_000
/** Barcode passes over a page that has its own text and is therefore upright: as it is and enlarged. Photos may be turned. */
const STRAIGHT_PASSES = 2
/** Longer side in pixels of the smallest picture that is read: fifteen digits, six pixels each. */
const SMALLEST_SIDE = 90
/** Longer side in pixels of the picture for letter recognition. */
const TEXT_SIDE = 2000
/** Pixels per point (1/72 inch) of a PDF: 300 dpi. */
const PDF_SCALE = 300 / 72

interface Line {
  readonly text: string
  readonly box: Box | null
}

answerWork<ReadingWork, ReadingResult>(async ({ bytes, mediaType, text }) => {
  until = performance.now() + BUDGET
  const recogniser = text ? lettersRecogniser() : null
  return mediaType === 'application/pdf' ? readPdf(bytes, recogniser) : readPicture(bytes, recogniser)
})

let until = 0
const isOver = (): boolean => performance.now() > until

type Recogniser = (picture: Sharp) => Promise<Line[]>

async function readPicture(bytes: Uint8Array, recognise: Recogniser | null): Promise<ReadingResult> {
  const picture = await decoded(bytes)
  if (picture === null) return { outcome: 'unreadable' }
  const { width, height } = await picture.metadata()
  const found = Math.max(width, height) < SMALLEST_SIDE ? [] : await imeisOf(picture, 1, recognise)
  return { outcome: 'read', pages: 1, pagesRead: 1, found, drawn: [] }
}

/** Decodes a picture once, upright and no larger than the reading needs; null if it is broken or too large. */
async function decoded(bytes: Uint8Array): Promise<Sharp | null> {
  try {
    const { data, info } = await sharp(bytes, { failOn: 'error', limitInputPixels: MAX_PIXELS })
      .autoOrient()
      .flatten({ background: '#fff' })
      .resize(FULL_SIDE, FULL_SIDE, { fit: 'inside', withoutEnlargement: true })
      .raw()
      .toBuffer({ resolveWithObject: true })
    return sharp(data, { raw: info })
  } catch {
    return null
  }
}

async function readPdf(bytes: Uint8Array, recognise: Recogniser | null): Promise<ReadingResult> {
  const { PDFiumLibrary } = await import('@hyzyla/pdfium')
  const wasm = readFileSync(fileURLToPath(import.meta.resolve('@hyzyla/pdfium/pdfium.wasm')))
  const library = await PDFiumLibrary.init({ wasmBinary: new Uint8Array(wasm).buffer })
  const document = await library.loadDocument(bytes).catch(() => null)
  if (document === null) return { outcome: 'unreadable' }
  const pages = document.getPageCount()
  const found: ReadImei[] = []
  const drawnPages: Copy[] = []
  let [pagesRead, recognised] = [0, 0]
  for (let at = 0; at < Math.min(pages, MAX_PAGES) && !isOver(); at++) {
    const page = document.getPage(at)
    // The text is taken first, because rendering closes the page.
    const lines = page.getText().split(/\r?\n/)
    const picture = await drawn(page)
    if (picture === null) continue
    pagesRead++
    drawnPages.push(await copy(picture.clone()))
    const written = lines.some((line) => /\S/.test(line))
    const spare = !written && recognised < MAX_RECOGNISED ? recognise : null
    if (spare) recognised++
    found.push(
      ...(await imeisOf(
        picture,
        at + 1,
        spare,
        lines.map((text) => ({ text, box: null })),
      )),
    )
  }
  return { outcome: 'read', pages, pagesRead, found, drawn: drawnPages }
}

async function drawn(page: PDFiumPage): Promise<Sharp | null> {
  const { originalWidth, originalHeight } = page.getOriginalSize()
  const longer = Math.max(originalWidth, originalHeight)
  if (!(Math.min(originalWidth, originalHeight) > 0)) return null
  const scale = Math.min(PDF_SCALE, FULL_SIDE / longer)
  const { data, width, height } = await page.render({ scale, render: 'bitmap' })
  return sharp(data, { raw: { width, height, channels: 4 } })
}

/** Returns the IMEIs of one page: from its barcodes and its own text, or else from recognised letters. */
async function imeisOf(
  picture: Sharp,
  page: number,
  recognise: Recogniser | null,
  written: readonly Line[] = [],
): Promise<ReadImei[]> {
  const { data, info } = await picture.clone().ensureAlpha().raw().toBuffer({ resolveWithObject: true })
  const pixels = {
    data: new Uint8ClampedArray(data.buffer as ArrayBuffer, data.byteOffset, data.length),
    width: info.width,
    height: info.height,
  }
  const straight = written.some(({ text }) => /\S/.test(text))
  let passes = 0
  const barcodes = await readBarcodes(pixels, {
    stopped: () => isOver() || (straight && passes++ === STRAIGHT_PASSES),
  })
  const found = offered(barcodes, written, page)
  if (found.length > 0 || recognise === null || isOver()) return found
  return offered(barcodes, await recognise(picture), page)
}

function offered(barcodes: readonly PlacedBarcode[], lines: readonly Line[], page: number): ReadImei[] {
  return offeredImeis({ barcodes, lines: lines.map(({ text }) => text) }).flatMap(({ imei, from }) => {
    const parsed = parseImei(imei)
    if (!parsed.ok) return []
    const shows = (text: string) => text.replace(/\D/g, '').includes(imei)
    const { box = null } = (from === 'text' ? lines : barcodes).find(({ text }) => shows(text)) ?? {}
    return [{ imei, key: parsed.value.key, page, method: from, box }]
  })
}

let started: Promise<Worker> | undefined

/** Returns a letter recogniser that starts with its first picture and ends with the process. */
function lettersRecogniser(): Recogniser {
  return async (picture) => {
    started ??= startRecogniser()
    const worker = await started
    const { data, info } = await picture
      .clone()
      .greyscale()
      .resize(TEXT_SIDE, TEXT_SIDE, { fit: 'inside', withoutEnlargement: true })
      .png({ compressionLevel: 1 })
      .toBuffer({ resolveWithObject: true })
    const recognised = await worker.recognize(data, {}, { text: false, blocks: true })
    const lines = (recognised.data.blocks ?? []).flatMap(({ paragraphs }) =>
      paragraphs.flatMap((paragraph) => paragraph.lines),
    )
    return lines.map(({ text, bbox }) => ({
      text,
      box: {
        x: bbox.x0 / info.width,
        y: bbox.y0 / info.height,
        width: (bbox.x1 - bbox.x0) / info.width,
        height: (bbox.y1 - bbox.y0) / info.height,
      },
    }))
  }
}

/** Starts tesseract with the language data of the package; by default it would download them. */
async function startRecogniser(): Promise<Worker> {
  const { createWorker, OEM, PSM } = await import('tesseract.js')
  const data = dirname(fileURLToPath(import.meta.resolve('@tesseract.js-data/eng/package.json')))
  const worker = await createWorker('eng', OEM.LSTM_ONLY, {
    langPath: `${data}/4.0.0_best_int`,
    cacheMethod: 'none',
    gzip: true,
  })
  await worker.setParameters({ tessedit_pageseg_mode: PSM.SPARSE_TEXT })
  return worker
}
