import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { prepareZXingModule, type WriterOptions, writeBarcode } from 'zxing-wasm/writer'
import { formatImei, luhnDigit } from '#lib/imei/imei.ts'
import { Chance } from '../../tools/demo-city/chance.ts'

export const KINDS = [
  'box',
  'box of a phone with two slots',
  'boxes of two phones',
  '*#06# light, barcodes',
  '*#06# dark, barcodes',
  'settings light, text',
  'settings dark, text',
  '*#06#, text',
] as const
export type Kind = (typeof KINDS)[number]

export const isBarcoded = (kind: Kind): boolean => !kind.endsWith('text')

const DISTORTIONS = [
  'clean',
  'turned a little',
  'turned',
  'turned much',
  'on its side',
  'upside down',
  'blurred',
  'half size',
  'a third of the size',
  'dim',
  'sheared',
  'all at once',
] as const
export type Distortion = (typeof DISTORTIONS)[number]

export interface Drawn {
  readonly kind: Kind
  readonly distortion: Distortion
  /** In the order of the picture. */
  readonly imeis: readonly string[]
  readonly jpeg: Buffer
}

/** Returns numbers from 0 to 1, the same for the same seed. */
function random(seed: number): () => number {
  const chance = new Chance(seed)
  return () => chance.next()
}

/** Draws picture number `index` of a seed. Kinds and distortions alternate so that every kind meets every distortion. */
export async function drawPhoto(seed: number, index: number): Promise<Drawn> {
  await prepare()
  const draw = new Draw(random(seed * 100_003 + index))
  const kind = KINDS[index % KINDS.length] ?? 'box'
  const distortion = DISTORTIONS[Math.floor(index / KINDS.length) % DISTORTIONS.length] ?? 'clean'
  const { svg, imeis } = await PICTURES[kind](draw)
  return { kind, distortion, imeis, jpeg: await distorted(svg, distortion, draw) }
}

let prepared: Promise<void> | undefined
const prepare = (): Promise<void> => {
  prepared ??= (async () => {
    const wasm = readFileSync(fileURLToPath(import.meta.resolve('zxing-wasm/writer/zxing_writer.wasm')))
    prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(wasm).buffer } })
    // Once a font was loaded by name, every later SVG can use it, so letters are the same on every machine.
    for (const weight of ['400Regular', '600SemiBold']) {
      const font = `@expo-google-fonts/be-vietnam-pro/${weight}/BeVietnamPro_${weight}.ttf`
      const fontfile = fileURLToPath(import.meta.resolve(font))
      await sharp({ text: { text: 'x', font: 'Be Vietnam Pro', fontfile } })
        .png()
        .toBuffer()
    }
  })()
  return prepared
}

class Draw {
  private readonly next: () => number
  constructor(next: () => number) {
    this.next = next
  }
  real = (from: number, to: number): number => from + this.next() * (to - from)
  int = (from: number, to: number): number => Math.floor(this.real(from, to + 1))
  pick = <T>(...of: readonly [T, ...T[]]): T => of[this.int(0, of.length - 1)] ?? of[0]
  digits = (length: number): string => Array.from({ length }, () => this.int(0, 9)).join('')
  imei = (tac = this.tac()): string => withCheck(tac + this.digits(6))
  tac = (): string => this.pick('35', '35', '86', '01') + this.digits(6)
  serial = (): string => this.pick('R58', 'R9W', 'F2L') + this.letters(8)
  /** Fifteen digits with a valid check digit that are not an IMEI. */
  serialOfDigits = (): string => withCheck(this.pick('12', '20', '47', '63', '77', '88') + this.digits(12))
  seed = (): number => this.int(0, 1_000_000)
  private letters = (length: number): string =>
    Array.from({ length }, () => 'ABCDEFGHJKLMNPRSTUVWXYZ0123456789'[this.int(0, 32)]).join('')
}
const withCheck = (digits: string): string => digits + luhnDigit(digits)

interface Sketch {
  readonly svg: string
  readonly imeis: readonly string[]
}

const text = (x: number, y: number, size: number, words: string, look = ''): string =>
  `<text x="${x}" y="${y}" font-family="Be Vietnam Pro, DejaVu Sans, sans-serif" font-size="${size}" ${look}>${words}</text>`

/** A barcode from the upper left corner, with bars `module` units wide. */
async function code(
  format: WriterOptions['format'],
  content: string,
  [x, y, module, height]: readonly [number, number, number, number?],
): Promise<string> {
  const { svg, error } = await writeBarcode(content, { format: format ?? 'Code128', addQuietZones: false })
  const [, bars] = /<path d="([^"]+)"/.exec(svg) ?? []
  const [, tall = '50'] = /<svg width="\d+" height="(\d+)"/.exec(svg) ?? []
  if (bars === undefined) throw new Error(error)
  const stretch = height === undefined ? module : height / Number(tall)
  return `<path d="${bars}" fill="#111" transform="translate(${x} ${y}) scale(${module} ${stretch})"/>`
}

function ean13(digits: string): string {
  const sum = [...digits].reduce((so, digit, at) => so + Number(digit) * (at % 2 === 0 ? 1 : 3), 0)
  return digits + String((10 - (sum % 10)) % 10)
}

const page = (width: number, height: number, background: string, inside: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="${background}"/>${inside}</svg>`

/** A label 900 units wide: article number, IMEIs, serial number, a code with a link. */
async function label(draw: Draw, count: 1 | 2): Promise<Sketch> {
  const tac = draw.tac()
  const imeis = Array.from({ length: count }, () => draw.imei(tac))
  const serial = draw.pick(draw.serial(), draw.serial(), draw.serialOfDigits())
  const parts = [
    text(36, 60, 34, draw.pick('Galaxy A54 5G', 'Redmi Note 12', 'OPPO A78', 'V27e'), 'font-weight="600"'),
    text(36, 96, 20, `${draw.int(6, 12)} GB / 128 GB · ${draw.pick('Black', 'Đen', 'Xanh')}`),
  ]
  let y = 130
  const row = async (format: 'Code128' | 'EAN13', content: string, words: string) => {
    parts.push(await code(format, content, [36, y, 4, 66]), text(36, y + 92, 22, words))
    y += 116
  }
  if (draw.pick(true, false)) {
    const goods = ean13(`893${draw.digits(9)}`)
    await row('EAN13', goods, goods)
  }
  for (const [at, imei] of imeis.entries())
    await row('Code128', imei, `IMEI${count === 1 ? '' : at + 1}: ${imei}`)
  await row('Code128', serial, `S/N: ${serial}`)
  parts.push(await code('QRCode', `https://example.vn/p/${draw.digits(15)}`, [690, 130, 5]))
  const inside = parts.join('')
  return { svg: `<rect width="900" height="${y + 10}" rx="8" fill="#fdfdfb"/>${inside}`, imeis }
}

async function box(draw: Draw, count: 1 | 2): Promise<Sketch> {
  const { svg, imeis } = await label(draw, count)
  return {
    svg: page(
      1040,
      800,
      draw.pick('#a5845a', '#d8d4cc', '#33363b'),
      `<g transform="translate(70 60)">${svg}</g>`,
    ),
    imeis,
  }
}

async function boxesOfTwo(draw: Draw): Promise<Sketch> {
  const [one, two] = [await label(draw, 1), await label(draw, draw.pick(1, 2))]
  const [x, turn] = [draw.int(60, 120), draw.int(-5, 5)]
  const inside = `<g transform="translate(70 50)">${one.svg}</g><g transform="translate(${x} 720) rotate(${turn})">${two.svg}</g>`
  return { svg: page(1060, 1440, '#a5845a', inside), imeis: [...one.imeis, ...two.imeis] }
}

/** Draws the screen after `*#06#`. On a dark screen, each barcode has its own narrow white strip. */
async function dialled(draw: Draw, dark: boolean): Promise<Sketch> {
  const tac = draw.tac()
  const imeis = Array.from({ length: draw.int(1, 2) }, () => draw.imei(tac))
  const [ink, paper] = dark ? ['#eee', '#16171b'] : ['#1b1b1f', '#fff']
  const parts = [
    text(
      60,
      150,
      40,
      draw.pick('IMEI', 'Thông tin thiết bị', 'Device info'),
      `fill="${ink}" font-weight="600"`,
    ),
  ]
  let y = 230
  const row = async (content: string, words: string) => {
    const margin = dark ? 4 * draw.int(4, 12) : 0
    if (dark)
      parts.push(
        `<rect x="${92 - margin}" y="${y - 16}" width="${536 + 2 * margin}" height="122" fill="#fff"/>`,
      )
    parts.push(await code('Code128', content, [92, y, 4, 90]), text(92, y + 146, 28, words, `fill="${ink}"`))
    y += 210
  }
  for (const [at, imei] of imeis.entries()) await row(imei, `IMEI${at + 1} ${imei}${draw.pick('', ' / 01')}`)
  const serial = draw.serial()
  await row(serial, `SN ${serial}`)
  return { svg: page(720, 1100, paper, parts.join('')), imeis }
}

/** Draws a page of settings or of an account, with labels and values below each other or in two columns. */
async function settings(draw: Draw, dark: boolean): Promise<Sketch> {
  const tac = draw.tac()
  const imeis = Array.from({ length: draw.int(1, 2) }, () => draw.imei(tac))
  const [ink, soft, paper] = dark ? ['#f2f2f2', '#b4b4ba', '#0e0f12'] : ['#111', '#5d5d63', '#fff']
  const spaced = draw.pick(true, false)
  const other: readonly (readonly [string, string])[] = [
    [draw.pick('Model name', 'Tên máy'), draw.pick('Galaxy A54 5G', 'iPhone 13')],
    [draw.pick('Serial number', 'Số sê-ri'), draw.pick(draw.serial(), draw.serialOfDigits())],
    ['ICCID', `8984${draw.digits(15)}`],
    ['EID', `8904${draw.digits(28)}`],
    ['Wi-Fi', '9C:2E:A1:07:5B:D4'],
  ]
  const rows = [
    ...other.slice(0, 2),
    ...imeis.map((imei, at): readonly [string, string] => [
      imeis.length === 1 ? 'IMEI' : `IMEI${draw.pick('', ' ')}${at + 1}`,
      spaced ? formatImei(imei) : imei,
    ]),
    ...other.slice(2),
  ]
  const below = draw.pick(true, false)
  const parts = [text(48, 110, 44, draw.pick('Giới thiệu', 'About phone'), `fill="${ink}" font-weight="600"`)]
  let y = 200
  for (const [name, value] of rows) {
    const small = value.length > 24
    if (below || small) {
      parts.push(
        text(48, y, 30, name, `fill="${ink}"`),
        text(48, y + 44, small ? 20 : 28, value, `fill="${soft}"`),
      )
      y += 124
    } else {
      parts.push(
        text(48, y, 28, name, `fill="${ink}"`),
        text(672, y, 28, value, `fill="${soft}" text-anchor="end"`),
      )
      y += 96
    }
    parts.push(`<path d="M48 ${y - 56}H672" stroke="${soft}" opacity="0.35"/>`)
  }
  return { svg: page(720, y + 60, paper, parts.join('')), imeis }
}

async function dialledText(draw: Draw): Promise<Sketch> {
  const tac = draw.tac()
  const imeis = Array.from({ length: draw.int(1, 2) }, () => draw.imei(tac))
  const dark = draw.pick(true, false)
  const [ink, paper, sheet] = dark ? ['#f2f2f2', '#050506', '#26272c'] : ['#111', '#75767c', '#fff']
  const lines = imeis.map((imei) => `${imei}${draw.pick('', ' / 01')}`)
  const parts = [
    `<rect x="40" y="220" width="640" height="${200 + 70 * lines.length}" rx="28" fill="${sheet}"/>`,
    text(84, 300, 40, 'IMEI', `fill="${ink}" font-weight="600"`),
    ...lines.map((line, at) => text(84, 370 + 70 * at, 34, line, `fill="${ink}"`)),
    text(600, 380 + 70 * lines.length, 30, 'OK', `fill="${ink}" text-anchor="end"`),
  ]
  return { svg: page(720, 900, paper, parts.join('')), imeis }
}

const PICTURES: Readonly<Record<Kind, (draw: Draw) => Promise<Sketch>>> = {
  box: (draw) => box(draw, 1),
  'box of a phone with two slots': (draw) => box(draw, 2),
  'boxes of two phones': boxesOfTwo,
  '*#06# light, barcodes': (draw) => dialled(draw, false),
  '*#06# dark, barcodes': (draw) => dialled(draw, true),
  'settings light, text': (draw) => settings(draw, false),
  'settings dark, text': (draw) => settings(draw, true),
  '*#06#, text': dialledText,
}

interface Change {
  readonly turn?: number
  readonly shear?: number
  readonly scale?: number
  readonly blur?: number
  /** The share of the light that remains. Below 1, a camera's noise is added. */
  readonly light?: number
  readonly quality?: number
}

const CHANGES: Readonly<Record<Distortion, (draw: Draw) => Change>> = {
  clean: () => ({}),
  'turned a little': (draw) => ({ turn: draw.real(-9, 9) }),
  turned: (draw) => ({ turn: draw.pick(-1, 1) * draw.real(11, 24) }),
  'turned much': (draw) => ({ turn: draw.pick(-1, 1) * draw.real(25, 44) }),
  'on its side': (draw) => ({ turn: draw.pick(90, 270) + draw.real(-4, 4) }),
  'upside down': (draw) => ({ turn: 180 + draw.real(-4, 4) }),
  blurred: (draw) => ({ blur: draw.real(1, 2.6) }),
  'half size': (draw) => ({ scale: 0.5, turn: draw.real(-3, 3) }),
  'a third of the size': () => ({ scale: 0.36 }),
  dim: (draw) => ({ light: draw.real(0.25, 0.5) }),
  sheared: (draw) => ({ shear: draw.pick(-1, 1) * draw.real(0.08, 0.22) }),
  'all at once': (draw) => ({ turn: draw.real(-9, 9), blur: 1, light: 0.55, scale: 0.66, quality: 60 }),
}

async function distorted(svg: string, distortion: Distortion, draw: Draw): Promise<Buffer> {
  const { turn = 0, shear = 0, scale = 1, blur = 0, light = 1, quality = 85 } = CHANGES[distortion](draw)
  const surround = draw.pick('#8d8a84', '#4d4a46', '#c9c4ba')
  let picture: Buffer = await sharp(Buffer.from(svg)).flatten({ background: surround }).png().toBuffer()
  if (shear !== 0) {
    picture = await sharp(picture)
      .affine([1, shear, shear / 2, 1], { background: surround })
      .png()
      .toBuffer()
  }
  if (turn !== 0) picture = await sharp(picture).rotate(turn, { background: surround }).png().toBuffer()
  if (blur !== 0) picture = await sharp(picture).blur(blur).png().toBuffer()
  if (scale !== 1) {
    const { width } = await sharp(picture).metadata()
    picture = await sharp(picture)
      .resize({ width: Math.round(width * scale) })
      .png()
      .toBuffer()
  }
  if (light !== 1) picture = await dimmed(picture, light, draw.seed())
  return sharp(picture).jpeg({ quality }).toBuffer()
}

async function dimmed(picture: Buffer, light: number, seed: number): Promise<Buffer> {
  const { data, info } = await sharp(picture).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  const next = random(seed)
  for (let at = 0; at < data.length; at++) {
    const noise = (next() + next() + next() - 1.5) * 18
    data[at] = Math.min(255, Math.max(0, (data[at] ?? 0) * light + 12 + noise))
  }
  const { width, height, channels } = info
  return sharp(data, { raw: { width, height, channels } }).png().toBuffer()
}
