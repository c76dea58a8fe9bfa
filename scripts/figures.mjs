/**
 * `node scripts/figures.mjs`: draws the digits of Be Vietnam Pro at one width into `app/fonts/`. The typeface has no
 * tabular figures: its 1 is half as wide as its 0, so two IMEIs one above the other would not line up digit by digit.
 * Run it when the typeface or its version changes, and commit the output. The Open Font License allows changed copies.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import opentype from 'opentype.js'

/** Half the width of the foot that the 1 stands on. Without it the space around a 1 looks like the gap between two groups. */
const FOOT = 230

/** Thousandths of the type size: a little under the 0's width, so that fifteen digits fit a watch of 240 px. */
const WIDTH = 650

/** Adds a foot of the given height to the path of a 1, whose first two points are the right edge of its stem. */
function stand(path, height) {
  const [{ x: right }, , { x: left }] = path.commands
  const middle = (left + right) / 2
  path.moveTo(middle - FOOT, height)
  path.lineTo(middle + FOOT, height)
  path.lineTo(middle + FOOT, 0)
  path.lineTo(middle - FOOT, 0)
  path.close()
}

mkdirSync('app/fonts', { recursive: true })
for (const [weight, name] of [
  [400, 'Regular'],
  [600, 'SemiBold'],
]) {
  const file = `node_modules/@expo-google-fonts/be-vietnam-pro/${weight}${name}/BeVietnamPro_${weight}${name}.ttf`
  const whole = opentype.parse(new Uint8Array(readFileSync(file)).buffer)
  const hyphen = whole.charToGlyph('-').path.getBoundingBox()
  const glyphs = [...'0123456789'].map((digit) => {
    const { path, name, unicode } = whole.charToGlyph(digit)
    if (digit === '1') stand(path, hyphen.y2 - hyphen.y1)
    const { x1, x2 } = path.getBoundingBox()
    const shift = Math.round((WIDTH - x1 - x2) / 2)
    for (const command of path.commands)
      for (const x of ['x', 'x1', 'x2']) if (x in command) command[x] += shift
    return new opentype.Glyph({ name, unicode, advanceWidth: WIDTH, path })
  })
  const { unitsPerEm, ascender, descender } = whole
  const figures = new opentype.Font({
    familyName: 'An Tam Figures',
    styleName: name,
    copyright: whole.getEnglishName('copyright'),
    license: whole.getEnglishName('license'),
    licenseURL: whole.getEnglishName('licenseURL'),
    unitsPerEm,
    ascender,
    descender,
    glyphs: [whole.glyphs.get(0), ...glyphs],
  })
  writeFileSync(`app/fonts/figures-${weight}.otf`, new Uint8Array(figures.toArrayBuffer()))
}
