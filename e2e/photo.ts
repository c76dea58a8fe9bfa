import sharp from 'sharp'

/** A photo of a box label: noise, so that no two are alike, and large enough to be a real picture. */
export async function photo(): Promise<{ name: string; mimeType: string; buffer: Buffer }> {
  const buffer = await sharp({
    create: {
      width: 800,
      height: 600,
      channels: 3,
      background: '#888',
      noise: { type: 'gaussian', mean: 128, sigma: 40 },
    },
  })
    .jpeg()
    .toBuffer()
  return { name: 'Nhãn hộp máy.jpg', mimeType: 'image/jpeg', buffer }
}
