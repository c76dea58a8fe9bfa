import { crc32 } from 'node:zlib'
import sharp, { type Sharp } from 'sharp'

/** Files as citizens send them, and as they should not: made here, so that nothing binary lies in the repository. */
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

/** A photo with what a phone writes into it: where and by whom it was taken. */
export const jpeg = (width = 640, height = 480): Promise<Buffer> =>
  noise(width, height)
    .withExif({ IFD0: { Artist: 'Nguyen Van An' }, IFD3: { GPSLatitude: '10/1 46/1 0/1' } })
    .jpeg()
    .toBuffer()
export const png = (width = 640, height = 480): Promise<Buffer> => noise(width, height).png().toBuffer()
export const webp = (width = 640, height = 480): Promise<Buffer> => noise(width, height).webp().toBuffer()

/** 96 × 64, made by heif-enc 1.23 of libheif: left half saffron, right half teal. */
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
/** The head of a Linux program. */
export const executable = (): Buffer =>
  Buffer.concat([Buffer.from('7f454c4602010100', 'hex'), Buffer.alloc(500)])

/** A PNG that says it is 30,000 × 30,000 pixels and takes a few hundred bytes. */
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

/** A whole PDF of exactly `size` bytes. */
export function pdfOfSize(size: number): Buffer {
  const [head, tail] = [Buffer.from('%PDF-1.4\n'), Buffer.from('\n%%EOF\n')]
  return Buffer.concat([head, Buffer.alloc(size - head.length - tail.length, 0x20), tail])
}
