import sharp from 'sharp'
import { boxLabel } from '#tests/proof.ts'

/**
 * Returns a photo of a box label. Without `imei` it is noise, so that no two photos are alike. It is then too
 * small for the search for numbers, which takes seconds of CPU time.
 */
export async function photo(imei?: string): Promise<{ name: string; mimeType: string; buffer: Buffer }> {
  const buffer = imei === undefined ? await small() : await boxLabel([imei])
  return { name: 'Nhãn hộp máy.jpg', mimeType: 'image/jpeg', buffer }
}

async function small(): Promise<Buffer> {
  const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const
  return sharp({ create: { width: 80, height: 60, channels: 3, background: '#888', noise } })
    .jpeg()
    .toBuffer()
}
