import { join } from 'node:path'
import { Font } from '@react-pdf/renderer'

/** The paper's typeface, as TTF: the renderer prints nothing of a WOFF2, silently. */
export const PAPER_FONT = 'Be Vietnam Pro'

const folder = join(process.cwd(), 'node_modules/@expo-google-fonts/be-vietnam-pro')

Font.register({
  family: PAPER_FONT,
  fonts: [
    { src: join(folder, '400Regular/BeVietnamPro_400Regular.ttf'), fontWeight: 400 },
    { src: join(folder, '600SemiBold/BeVietnamPro_600SemiBold.ttf'), fontWeight: 600 },
  ],
})
// Vietnamese is written in syllables: a word is never broken.
Font.registerHyphenationCallback((word) => [word])
