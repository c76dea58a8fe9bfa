import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { crc32 } from 'node:zlib'
import sharp, { type Sharp } from 'sharp'
import { prepareZXingModule, writeBarcode } from 'zxing-wasm/writer'

/** Files as citizens send them, and faulty ones. They are generated, so that the repository has no binary files. */
const noise = (width: number, height: number): Sharp =>
  sharp({
    create: {
      width,
      height,
      channels: 3,
      background: '#888',
      noise: { type: 'gaussian', mean: 128, sigma: 40 },
    },
  })

/** Returns a photo with the metadata that a phone adds, such as place and person. */
export const jpeg = (width = 640, height = 480): Promise<Buffer> =>
  noise(width, height)
    .withExif({ IFD0: { Artist: 'Nguyen Van An' }, IFD3: { GPSLatitude: '10/1 46/1 0/1' } })
    .jpeg()
    .toBuffer()
export const png = (width = 640, height = 480): Promise<Buffer> => noise(width, height).png().toBuffer()
export const webp = (width = 640, height = 480): Promise<Buffer> => noise(width, height).webp().toBuffer()

/** Returns 96 × 64 pixels, made by heif-enc 1.23 of libheif: left half saffron, right half teal. */
export const heic = (): Buffer =>
  Buffer.from(
    'AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAkVtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAA' +
      'ADRpbG9jAAAAAERAAAIAAQAAAAACaQABAAAAAAAAAEoAAgAAAAACswABAAAAAAAAABMAAAA4aWluZgAAAAAAAgAAABVpbmZlAgAA' +
      'AAABAABodmMxAAAAABVpbmZlAgAAAAACAABodmMxAAAAAA5waXRtAAAAAAABAAABhGlwcnAAAAFeaXBjbwAAAHhodmNDAQNwAAAA' +
      'kAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQArQgEBA3AAAAMAkAAAAwAAAwAeoDCBBZbq' +
      'SSmubgIaDAgAAAMAyAAAAwAIQGIAAQAHRAHBcrAiQAAAABNjb2xybmNseAABAA0ABoAAAAAUaXNwZQAAAAAAAABgAAAAQAAAABBw' +
      'aXhpAAAAAAMICAgAAAByaHZjQwEECAAAAJ/4AAAAAB7wAPz8+PgAAA8DYAABABdAAQwB//8ECAAAAwCf+AAAAwAAHroCQGEAAQAm' +
      'QgEBBAgAAAMAn/gAAAMAAB7AwgQWW6kkprmwIAAAAwMgAAADACFiAAEAB0QBwXKwIkAAAAAOcGl4aQAAAAABCAAAACdhdXhDAAAA' +
      'AHVybjptcGVnOmhldmM6MjAxNTphdXhpZDoxAAAAAB5pcG1hAAAAAAAAAAIAAQSBAgMEAAIEhQMGhwAAABppcmVmAAAAAAAAAA5h' +
      'dXhsAAIAAQABAAAAZW1kYXQAAABGKAGvWIsyDpJf/6pX/+2NJDzCmOjd/9ONBfPUT/PtlAZNxMnpVfjPLgEFM2tM3n6y/52wTxzE' +
      '1ImGlV36UlMWjLz0zXa/hwAAAA8oAa6w7xKw9B+8skOBEcc=',
    'base64',
  )

export const pdf = (): Buffer =>
  Buffer.from(
    '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n' +
      'trailer<</Root 1 0 R>>\n%%EOF\n',
  )

export const svg = (): Buffer =>
  Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')
export const html = (): Buffer => Buffer.from('<!doctype html><html><script>alert(1)</script></html>')
/** Returns the header of a Linux program. */
export const executable = (): Buffer =>
  Buffer.concat([Buffer.from('7f454c4602010100', 'hex'), Buffer.alloc(500)])

/** Returns a PNG of a few hundred bytes that declares 30,000 × 30,000 pixels. */
export async function bomb(): Promise<Buffer> {
  const bytes = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#fff' } })
    .png()
    .toBuffer()
  // The header chunk: length, "IHDR", width, height, five bytes, and a CRC over all but the length.
  bytes.writeUInt32BE(30_000, 16)
  bytes.writeUInt32BE(30_000, 20)
  bytes.writeUInt32BE(crc32(bytes.subarray(12, 29)), 29)
  return bytes
}

/** Returns a complete PDF of exactly `size` bytes. */
export function pdfOfSize(size: number): Buffer {
  const [head, tail] = [Buffer.from('%PDF-1.4\n'), Buffer.from('\n%%EOF\n')]
  return Buffer.concat([head, Buffer.alloc(size - head.length - tail.length, 0x20), tail])
}

let writes = false

/** A barcode as makers print it on a box: bars of three pixels, with the white margin that the standard requires. */
async function bars(text: string): Promise<Buffer> {
  if (!writes) {
    const wasm = readFileSync(fileURLToPath(import.meta.resolve('zxing-wasm/writer/zxing_writer.wasm')))
    prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(wasm).buffer } })
    writes = true
  }
  const { svg } = await writeBarcode(text, { format: 'Code128' })
  return sharp(Buffer.from(svg), { density: 288 })
    .resize({ width: 600, height: 80, fit: 'fill' })
    .extend({ top: 30, bottom: 30, left: 40, right: 40, background: '#fff' })
    .png()
    .toBuffer()
}

/** Returns a photo of a box with a barcode for each text, one below the other. */
export async function boxLabel(
  texts: readonly string[],
  { width = 1200, height = 1600 } = {},
): Promise<Buffer> {
  const codes = await Promise.all(
    texts.map(async (text, at) => ({ input: await bars(text), left: 150, top: 100 + at * 250 })),
  )
  return sharp({ create: { width, height, channels: 3, background: '#e8e4da' } })
    .composite(codes)
    .jpeg({ quality: 85 })
    .toBuffer()
}

const FONT = 'node_modules/@expo-google-fonts/be-vietnam-pro/400Regular/BeVietnamPro_400Regular.ttf'

/** Returns a phone's screen that shows the numbers only as printed digits. */
export async function textScreen(lines: readonly string[]): Promise<Buffer> {
  const text = { text: lines.join('\n\n'), font: 'Be Vietnam Pro', fontfile: FONT, dpi: 220, rgba: true }
  const written = await sharp({ text }).png().toBuffer()
  return sharp({ create: { width: 1080, height: 1400, channels: 3, background: '#fff' } })
    .composite([{ input: written, left: 80, top: 300 }])
    .png()
    .toBuffer()
}

/** Returns a PDF with a page for each part: printed text, or a JPEG that fills the page. */
export function pdfOfPages(parts: readonly (string | Buffer)[]): Buffer {
  const pages = parts.map((_, at) => 4 + at * 3)
  const stream = (dictionary: string, content: Buffer) =>
    Buffer.concat([
      Buffer.from(`<<${dictionary}/Length ${content.length}>>\nstream\n`),
      content,
      Buffer.from('\nendstream'),
    ])
  const objects = [
    Buffer.from('<</Type/Catalog/Pages 2 0 R>>'),
    Buffer.from(
      `<</Type/Pages/Count ${pages.length}/Kids[${pages.map((page) => `${page} 0 R`).join(' ')}]>>`,
    ),
    Buffer.from('<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>'),
    ...parts.flatMap((part, at) => {
      const written = typeof part === 'string'
      const page = `<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents ${5 + at * 3} 0 R/Resources<<${
        written ? '/Font<</F 3 0 R>>' : `/XObject<</I ${6 + at * 3} 0 R>>`
      }>>>>`
      const drawing = written ? `BT /F 14 Tf 50 700 Td (${part}) Tj ET` : 'q 600 0 0 800 0 0 cm /I Do Q'
      const picture =
        '/Type/XObject/Subtype/Image/Width 1200/Height 1600/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/DCTDecode'
      return [
        Buffer.from(page),
        stream('', Buffer.from(drawing)),
        written ? Buffer.from('null') : stream(picture, part),
      ]
    }),
  ]
  const chunks = [Buffer.from('%PDF-1.4\n')]
  const places: number[] = []
  let length = chunks[0]?.length ?? 0
  for (const [at, object] of objects.entries()) {
    const whole = Buffer.concat([Buffer.from(`${at + 1} 0 obj\n`), object, Buffer.from('\nendobj\n')])
    places.push(length)
    length += whole.length
    chunks.push(whole)
  }
  const table = places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('')
  const count = objects.length + 1
  chunks.push(
    Buffer.from(
      `xref\n0 ${count}\n0000000000 65535 f \n${table}trailer<</Root 1 0 R/Size ${count}>>\nstartxref\n${length}\n%%EOF\n`,
    ),
  )
  return Buffer.concat(chunks)
}
