import { join } from 'node:path'
import { Font } from '@react-pdf/renderer'

/** The typeface for PDFs, as TTF: the renderer silently prints nothing from a WOFF2 file. */
export const PAPER_FONT = 'Be Vietnam Pro'

const folder = join(process.cwd(), 'node_modules/@expo-google-fonts/be-vietnam-pro')

Font.register({
  family: PAPER_FONT,
  fonts: [
    { src: join(folder, '400Regular/BeVietnamPro_400Regular.ttf'), fontWeight: 400 },
    { src: join(folder, '600SemiBold/BeVietnamPro_600SemiBold.ttf'), fontWeight: 600 },
  ],
})
// Vietnamese words are single syllables, so none is hyphenated.
Font.registerHyphenationCallback((word) => [word])
