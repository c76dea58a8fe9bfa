import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import sharp, { type OverlayOptions } from 'sharp'
import { beforeAll, expect, it } from 'vitest'
import { prepareZXingModule, writeBarcode } from 'zxing-wasm/writer'
import { offeredImeis } from '#lib/imei/picture.ts'
import { readBarcodes } from './barcodes.ts'

beforeAll(() => {
  const wasm = readFileSync(fileURLToPath(import.meta.resolve('zxing-wasm/writer/zxing_writer.wasm')))
  prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(wasm).buffer } })
})

const IMEIS = ['352987065816623', '352987065816706']

/** Draws a barcode of 40 by 500 pixels with a white margin of `margin`. */
async function code(format: 'Code128' | 'EAN13' | 'QRCode', text: string, margin: number): Promise<Buffer> {
  const { svg } = await writeBarcode(text, { format })
  const bars = sharp(Buffer.from(svg), { density: 288 })
  const size = format === 'QRCode' ? { width: 160, height: 160 } : { width: 500, height: 40 }
  const border = { top: margin, bottom: margin, left: margin, right: margin, background: '#fff' }
  return bars
    .resize({ ...size, fit: 'fill' })
    .extend(border)
    .png()
    .toBuffer()
}

async function read(background: string, codes: readonly OverlayOptions[], turn: number) {
  const drawn = await sharp({ create: { width: 760, height: 560, channels: 3, background } })
    .composite([...codes])
    .png()
    .toBuffer()
  const { data, info } = await sharp(drawn)
    .rotate(turn, { background: '#a5845a' })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  return readBarcodes({ data: new Uint8ClampedArray(data), width: info.width, height: info.height })
}

it.each([0, 17, 90, 155])(
  'reads the IMEIs of a label turned by %i°, and nothing else of it',
  async (turn) => {
    const label = [
      { input: await code('EAN13', '8806094912340', 12), left: 40, top: 20 },
      { input: await code('Code128', IMEIS[0] ?? '', 12), left: 40, top: 130 },
      { input: await code('Code128', IMEIS[1] ?? '', 12), left: 40, top: 240 },
      { input: await code('QRCode', 'https://example.vn/352987065816623', 12), left: 40, top: 350 },
    ]
    const barcodes = await read('#fff', label, turn)
    expect(
      offeredImeis({ barcodes, lines: [] })
        .map(({ imei }) => imei)
        .sort(),
    ).toEqual(IMEIS)
  },
)

it.each([0, 90, 155])('says where a code stands in a picture turned by %i°', async (turn) => {
  const strip = { input: await code('Code128', IMEIS[0] ?? '', 12), left: 200, top: 400 }
  const [barcode] = await read('#fff', [strip], turn)
  // The centre of the barcode, rotated with the picture around the picture's centre.
  const angle = (turn * Math.PI) / 180
  const [right, down] = [200 + 262 - 380, 400 + 32 - 280]
  const [width, height] = [
    760 * Math.abs(Math.cos(angle)) + 560 * Math.abs(Math.sin(angle)),
    760 * Math.abs(Math.sin(angle)) + 560 * Math.abs(Math.cos(angle)),
  ]
  const { x, y, width: wide, height: high } = barcode?.box ?? { x: 0, y: 0, width: 0, height: 0 }
  expect((x + wide / 2 - 0.5) * width).toBeCloseTo(right * Math.cos(angle) - down * Math.sin(angle), -2)
  expect((y + high / 2 - 0.5) * height).toBeCloseTo(right * Math.sin(angle) + down * Math.cos(angle), -2)
  // About 460 pixels long, and very thin.
  expect(Math.hypot(wide * width, high * height)).toBeCloseTo(470, -2)
})

it('reads a barcode on a dark screen, though its white margin is narrower than the standard asks', async () => {
  const strip = { input: await code('Code128', IMEIS[0] ?? '', 14), left: 60, top: 200 }
  const barcodes = await read('#101014', [strip], 0)
  expect(offeredImeis({ barcodes, lines: [] })).toEqual([{ imei: IMEIS[0], from: 'barcode' }])
})

it('finds nothing where nothing is', async () => {
  expect(await read('#888', [], 0)).toEqual([])
})
