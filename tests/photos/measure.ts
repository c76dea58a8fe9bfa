import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { createWorker, OEM, PSM } from 'tesseract.js'
import { offeredImeis } from '#lib/imei/picture.ts'
import { greyOf, type Pixels } from '#lib/imei/pixels.ts'
import { pgmOf, readTextInPasses } from '#lib/imei/text-passes.ts'
import { readBarcodes } from '#platform/barcodes.ts'
import { type Drawn, drawPhoto, isBarcoded, KINDS } from './draw.ts'

interface Share {
  shown: number
  offered: number
}

export interface Measured {
  readonly barcodes: Share
  readonly text: Share
  readonly byKind: ReadonlyMap<string, Share>
  /** Offered numbers that the picture does not show as an IMEI, with the picture. */
  readonly wrong: readonly string[]
  /** Pictures of which not every IMEI was read. */
  readonly missed: readonly string[]
  /** Milliseconds for each picture. */
  readonly times: { readonly barcodes: readonly number[]; readonly text: readonly number[] }
}

export async function pixelsOfFile(file: Buffer): Promise<Pixels> {
  const { data, info } = await sharp(file).ensureAlpha().raw().toBuffer({ resolveWithObject: true })
  return { data: new Uint8ClampedArray(data), width: info.width, height: info.height }
}

type Reader = (picture: Drawn) => Promise<readonly string[]>

/** Reads the pictures with these numbers as the browser does: barcodes, or text for pictures without barcodes. */
export async function measurePhotos(seed: number, indices: readonly number[]): Promise<Measured> {
  const barcodes: Reader = async ({ jpeg }) => {
    const seen = await readBarcodes(await pixelsOfFile(jpeg))
    return offeredImeis({ barcodes: seen, lines: [] }).map(({ imei }) => imei)
  }
  const needsText = indices.some((index) => !isBarcoded(KINDS[index % KINDS.length] ?? 'box'))
  const { text, end } = needsText ? await textReader() : { text: barcodes, end: async () => {} }
  const measured = {
    barcodes: { shown: 0, offered: 0 },
    text: { shown: 0, offered: 0 },
    byKind: new Map<string, Share>(),
    wrong: [] as string[],
    missed: [] as string[],
    times: { barcodes: [] as number[], text: [] as number[] },
  }
  for (const index of indices) {
    const picture = await drawPhoto(seed, index)
    const way = isBarcoded(picture.kind) ? 'barcodes' : 'text'
    const started = performance.now()
    const offered = await { barcodes, text }[way](picture)
    measured.times[way].push(performance.now() - started)
    const named = `${index}: ${picture.kind}, ${picture.distortion}`
    const right = picture.imeis.filter((imei) => offered.includes(imei)).length
    for (const group of [picture.kind, picture.distortion]) {
      const share = measured.byKind.get(group) ?? { shown: 0, offered: 0 }
      measured.byKind.set(group, share)
      share.shown += picture.imeis.length
      share.offered += right
    }
    measured[way].shown += picture.imeis.length
    measured[way].offered += right
    for (const imei of offered) if (!picture.imeis.includes(imei)) measured.wrong.push(`${named}: ${imei}`)
    if (right < picture.imeis.length) measured.missed.push(`${named}: ${right} of ${picture.imeis.length}`)
  }
  await end()
  return measured
}

async function textReader(): Promise<{ text: Reader; end: () => Promise<unknown> }> {
  const data = fileURLToPath(import.meta.resolve('@tesseract.js-data/eng/package.json'))
  const tesseract = await createWorker('eng', OEM.LSTM_ONLY, {
    langPath: `${dirname(data)}/4.0.0_best_int`,
    cacheMethod: 'none',
  })
  await tesseract.setParameters({ tessedit_pageseg_mode: PSM.SPARSE_TEXT, debug_file: '/dev/null' })
  const text: Reader = async ({ jpeg }) => {
    const lines = await readTextInPasses(
      async (picture) => {
        const { data: read } = await tesseract.recognize(Buffer.from(pgmOf(picture)))
        return read.text.split('\n')
      },
      greyOf(await pixelsOfFile(jpeg)),
    )
    return offeredImeis({ barcodes: [], lines }).map(({ imei }) => imei)
  }
  return { text, end: () => tesseract.terminate() }
}
