import fc from 'fast-check'
import sharp from 'sharp'
import { expect, it } from 'vitest'
import { runs } from '#tests/runs.ts'
import { readHead } from './picture-file.ts'

const picture = sharp({ create: { width: 331, height: 207, channels: 3, background: '#abc' } })

it.each(['jpeg', 'png', 'webp'] as const)('reads the size of a %s', async (kind) => {
  const file = await picture.clone().toFormat(kind).toBuffer()
  expect(readHead(file)).toEqual({ kind, size: { width: 331, height: 207 } })
})

it('reads the size of a lossless WebP, of one with transparency and of a JPEG with a camera’s notes', async () => {
  const size = { width: 331, height: 207 }
  expect(readHead(await picture.clone().webp({ lossless: true }).toBuffer())).toEqual({ kind: 'webp', size })
  const clear = picture.clone().ensureAlpha(0.5).webp().toBuffer()
  expect(readHead(await clear)).toEqual({ kind: 'webp', size })
  const noted = picture
    .clone()
    .withExif({ IFD0: { Make: 'x'.repeat(900) } })
    .jpeg()
    .toBuffer()
  expect(readHead(await noted)).toEqual({ kind: 'jpeg', size })
})

it('knows what is no picture', () => {
  expect(readHead(new Uint8Array())).toEqual({ kind: 'empty', size: null })
  expect(readHead(new TextEncoder().encode('%PDF-1.7'))).toEqual({ kind: 'pdf', size: null })
  const heic = new Uint8Array(40)
  heic.set(new TextEncoder().encode('ftypheic'), 4)
  expect(readHead(heic)).toEqual({ kind: 'heic', size: null })
})

it('answers for any bytes', () => {
  const start = fc.constantFrom([], [0xff, 0xd8, 0xff], [...new TextEncoder().encode('RIFF....WEBPVP8X')])
  fc.assert(
    fc.property(start, fc.uint8Array({ maxLength: 200 }), (head, rest) => {
      readHead(new Uint8Array([...head, ...rest]))
    }),
    { numRuns: runs(1000) },
  )
})
