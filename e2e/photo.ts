import sharp from 'sharp'
import { boxLabel } from '#tests/proof.ts'

/**
 * A photo of a box label: blurred noise, so that no two are alike and a machine sees soon that nothing is to be read; or
 * a label that shows `imei`.
 */
export async function photo(imei?: string): Promise<{ name: string; mimeType: string; buffer: Buffer }> {
  const buffer = imei === undefined ? await blurred() : await boxLabel([imei])
  return { name: 'Nhãn hộp máy.jpg', mimeType: 'image/jpeg', buffer }
}

async function blurred(): Promise<Buffer> {
  const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const
  const create = { width: 800, height: 600, channels: 3, background: '#888', noise } as const
  return sharp({ create }).blur(6).jpeg().toBuffer()
}
