import localFont from 'next/font/local'

// Be Vietnam Pro in two weights and two subsets. Fonts are not preloaded: on a slow line the four files would delay the text,
// which a fallback font shows meanwhile. Latin is the fallback of Vietnamese: by each family's unicode-range the browser takes a
// glyph from the file that has it. The ranges are fontsource's.
const vietnamese = localFont({
  src: [
    {
      path: '../node_modules/@fontsource/be-vietnam-pro/files/be-vietnam-pro-vietnamese-400-normal.woff2',
      weight: '400',
    },
    {
      path: '../node_modules/@fontsource/be-vietnam-pro/files/be-vietnam-pro-vietnamese-600-normal.woff2',
      weight: '600',
    },
  ],
  declarations: [
    {
      prop: 'unicode-range',
      value:
        'U+0102-0103,U+0110-0111,U+0128-0129,U+0168-0169,U+01A0-01A1,U+01AF-01B0,U+0300-0301,U+0303-0304,U+0308-0309,U+0323,U+0329,U+1EA0-1EF9,U+20AB',
    },
  ],
  variable: '--font-vietnamese',
  preload: false,
  adjustFontFallback: false,
})

const latin = localFont({
  src: [
    {
      path: '../node_modules/@fontsource/be-vietnam-pro/files/be-vietnam-pro-latin-400-normal.woff2',
      weight: '400',
    },
    {
      path: '../node_modules/@fontsource/be-vietnam-pro/files/be-vietnam-pro-latin-600-normal.woff2',
      weight: '600',
    },
  ],
  declarations: [
    {
      prop: 'unicode-range',
      value:
        'U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+0304,U+0308,U+0329,U+2000-206F,U+20AC,U+2122,U+2191,U+2193,U+2212,U+2215,U+FEFF,U+FFFD',
    },
  ],
  variable: '--font-latin',
  preload: false,
})

// The typeface has no tabular figures, so digits that people compare have a file of their own: `scripts/figures.mjs`.
const figures = localFont({
  src: [
    { path: './fonts/figures-400.otf', weight: '400' },
    { path: './fonts/figures-600.otf', weight: '600' },
  ],
  declarations: [{ prop: 'unicode-range', value: 'U+0030-0039' }],
  variable: '--font-figures',
  preload: false,
  adjustFontFallback: false,
})

export const fontVariables = `${vietnamese.variable} ${latin.variable} ${figures.variable}`
