import '#server-only'
import decodeHeic from 'heic-decode'
import sharp, { type Sharp } from 'sharp'
import { err, ok, type Result } from '#lib/result.ts'
import { MAX_PIXELS, VIEW_SIDE } from './files/limits-rules.ts'

/** A picture for viewing: JPEG in sRGB, upright, without metadata. */
export interface Copy {
  readonly bytes: Buffer
  readonly width: number
  readonly height: number
}

/** A truncated or broken picture fails instead of being filled up with grey. */
const STRICT = { failOn: 'error', limitInputPixels: MAX_PIXELS } as const

/** Decodes a JPEG, PNG or WebP completely and makes the copy for viewing. */
export async function viewCopy(bytes: Buffer): Promise<Result<Copy, 'pixels' | 'damaged'>> {
  return checked(bytes, () => copy(sharp(bytes, STRICT).autoOrient()))
}

/** Makes the copy of a HEIC. Only the worker calls this: the decoder needs some 20 bytes of memory per pixel. */
export async function viewCopyOfHeic(bytes: Buffer): Promise<Result<Copy, 'pixels' | 'damaged'>> {
  return checked(bytes, async () => {
    const images = await decodeHeic.all({ buffer: bytes })
    try {
      const [first] = images
      // A file may hold several pictures, and the header that was checked may be another picture's.
      if (!first || first.width * first.height > MAX_PIXELS) throw new Error('no picture that can be shown')
      const { data, width, height } = await first.decode()
      return await copy(sharp(data, { raw: { width, height, channels: 4 } }))
    } finally {
      images.dispose()
    }
  })
}

/** Checks that a HEIC's header can be read and that its size is within the limit; does not decode its pixels. */
export const heicHeader = (bytes: Buffer): Promise<Result<null, 'pixels' | 'damaged'>> =>
  checked(bytes, async () => null)

/** Makes a smaller picture, at most `side` pixels long. sharp shrinks it while decoding. */
export const smallerCopy = async (bytes: Buffer, side: number): Promise<Buffer> =>
  (await copy(sharp(bytes), side)).bytes

/** Checks the header before anything is decoded: until then a decompression bomb is small. */
async function checked<T>(bytes: Buffer, decode: () => Promise<T>): Promise<Result<T, 'pixels' | 'damaged'>> {
  try {
    const { width, height } = await sharp(bytes, { limitInputPixels: false }).metadata()
    if (width * height > MAX_PIXELS) return err('pixels')
    return ok(await decode())
  } catch {
    return err('damaged')
  }
}

export async function copy(picture: Sharp, side: number = VIEW_SIDE): Promise<Copy> {
  const { data, info } = await picture
    .resize(side, side, { fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#fff' })
    .jpeg({ quality: 82 })
    .toBuffer({ resolveWithObject: true })
  return { bytes: data, width: info.width, height: info.height }
}
