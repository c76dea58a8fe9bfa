/**
 * `node scripts/share-card.ts`: draws the previews of links in the site's own type into `public/`: the card that Zalo and
 * similar apps show (one per language, without data of any case), and the icons of home screens. Run it when words or
 * design change, and commit the output.
 */
import { readFileSync } from 'node:fs'
import { chromium } from '@playwright/test'
import sharp from 'sharp'
import en from '#messages/en/common.json' with { type: 'json' }
import vi from '#messages/vi/common.json' with { type: 'json' }

const font = (subset: string, weight: number, range: string): string => {
  const file = `node_modules/@fontsource/be-vietnam-pro/files/be-vietnam-pro-${subset}-${weight}-normal.woff2`
  const data = readFileSync(file).toString('base64')
  return `@font-face{font-family:"Be Vietnam Pro";font-weight:${weight};unicode-range:${range};src:url(data:font/woff2;base64,${data})}`
}
const VIETNAMESE =
  'U+0102-0103,U+0110-0111,U+0128-0129,U+0168-0169,U+01A0-01A1,U+01AF-01B0,U+0300-0301,U+0303-0304,U+0308-0309,U+0323,U+0329,U+1EA0-1EF9,U+20AB'
const LATIN = 'U+0000-00FF,U+2000-206F'
const fonts = [400, 600].map(
  (weight) => font('vietnamese', weight, VIETNAMESE) + font('latin', weight, LATIN),
)

const shield = (size: number, ground: string, line: string): string =>
  `<svg viewBox="0 0 34 34" width="${size}" height="${size}"><path fill="${ground}" d="M17 1.5 31 6v11.5c0 7.6-5.7 12.9-14 15-8.3-2.1-14-7.4-14-15V6z"/><path fill="none" stroke="${line}" stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round" d="M12 9.5h10v15H12zM15.5 21.5h3"/></svg>`

const CARRIERS = ['Viettel', 'VinaPhone', 'MobiFone', 'Vietnamobile', 'Gmobile']
const tick =
  '<svg viewBox="0 0 24 24" width="26" height="26" fill="none" stroke="#1b6b41" stroke-width="3" stroke-linecap="round" stroke-linejoin="round"><path d="M20 6 9 17l-5-5"/></svg>'

type Words = typeof vi.share
const card = (words: Words): string => `<!doctype html><meta charset="utf-8"><style>${fonts.join('')}
*{margin:0;box-sizing:border-box}
body{width:1200px;height:630px;display:grid;grid-template-columns:720px 1fr;font-family:"Be Vietnam Pro";color:#1b1b1f;background:#fbfaf6}
main{padding:64px 40px 56px 72px;display:flex;flex-direction:column}
.brand{display:flex;align-items:center;gap:18px;font-size:34px;font-weight:600;line-height:1.15}.brand small{display:block;font-size:20px;font-weight:400;color:#5a5955}
h1{margin-top:auto;font-size:66px;line-height:1.12;font-weight:600;letter-spacing:-.015em;text-wrap:balance}
p{margin-top:24px;margin-bottom:auto;font-size:28px;line-height:1.4;color:#5a5955;text-wrap:pretty}
aside{background:#0a5c57;display:grid;place-items:center}
.phone{width:318px;padding:54px 26px 34px;border-radius:44px;background:#fff;border:12px solid #07403d;position:relative}
.phone::before{content:"";position:absolute;top:18px;left:50%;translate:-50%;width:84px;height:10px;border-radius:5px;background:#dcd8ce}
.phone b{display:block;font-size:24px;margin-bottom:16px}
.phone div{display:flex;align-items:center;justify-content:space-between;font-size:23px;padding:11px 0;border-top:2px solid #e7e3d9}
</style><main><div class="brand">${shield(64, '#0a5c57', '#fff')}<span>An Tâm<small>${words.city}</small></span></div><h1>${words.headline}</h1><p>${words.line}</p></main>
<aside><section class="phone"><b>${words.blocked}</b>${CARRIERS.map((name) => `<div>${name}${tick}</div>`).join('')}</section></aside>`

/** Returns a page with the logo on the site's background with a margin, because phones cut it to a circle or a square. */
const icon = (size: number): string =>
  `<!doctype html><style>*{margin:0}body{width:${size}px;height:${size}px;display:grid;place-items:center;background:#0a5c57}svg{display:block}</style>${shield(Math.round(size * 0.66), '#ffffff', '#0a5c57')}`

const browser = await chromium.launch(
  process.env.CHROMIUM ? { executablePath: process.env.CHROMIUM } : { executablePath: '/usr/bin/chromium' },
)
const draw = async (file: string, html: string, width: number, height: number): Promise<void> => {
  const page = await browser.newPage({ viewport: { width, height } })
  await page.setContent(html)
  await page.evaluate(() => document.fonts.ready)
  const png = await sharp(await page.screenshot())
    .png({ palette: true, colours: 96, effort: 10 })
    .toBuffer()
  await sharp(png).toFile(`public/${file}`)
  await page.close()
  console.log(`public/${file}: ${png.length} bytes`)
}
for (const [locale, words] of [
  ['vi', vi.share],
  ['en', en.share],
] as const)
  await draw(`share-${locale}.png`, card(words), 1200, 630)
await draw('apple-touch-icon.png', icon(180), 180, 180)
for (const size of [192, 512]) await draw(`icon-${size}.png`, icon(size), size, size)
await browser.close()
