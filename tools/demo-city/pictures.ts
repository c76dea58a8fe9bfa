import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import type { EvidenceKind } from '#features/evidence/files/rules.ts'
import type { ReadImei } from '#features/evidence/readings/rules.ts'
import type { ImeiKey } from '#lib/imei/imei.ts'
import { addMilliseconds, DAY, localDate } from '#lib/time.ts'
import type { Story } from './story.ts'

export interface Shown {
  readonly kind: Extract<EvidenceKind, 'box' | 'invoice' | 'warranty' | 'account'>
  readonly brand: string
  readonly model: string
  readonly colour: string
  readonly imeis: readonly string[]
  readonly name: string
  /** As written on paper: `12/03/2025`. */
  readonly bought: string
  /** Thousands of đồng. */
  readonly price: number
  /** Any number, for small variations between papers. */
  readonly n: number
}

export interface Picture {
  readonly bytes: Buffer
  readonly width: number
  readonly height: number
}

const [WIDTH, HEIGHT] = [640, 440]

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const line = (x: number, y: number, size: number, text: string, extra = ''): string =>
  `<text x="${x}" y="${y}" font-size="${size}" ${extra}>${escaped(text)}</text>`

/** Bars as wide as their digits: they look like a label, but no machine can read them. */
function bars(x: number, y: number, height: number, digits: string): string {
  let left = x
  return [...digits, ...digits.slice(0, 6)]
    .map((digit, at) => {
      const [width, gap] = [1 + ((Number(digit) + at) % 4), 2 + (Number(digit) % 3)]
      const bar = `<rect x="${left}" y="${y}" width="${width}" height="${height}"/>`
      left += width + gap
      return `${bar}<rect x="${left}" y="${y}" width="2" height="${height}"/>`
    })
    .join('')
}

/** One drawing per kind: the object on the table, then the writing on it. */
const DRAWN: Readonly<Record<Shown['kind'], (shown: Shown) => string>> = {
  box: ({ brand, model, colour, imeis, n }) => `
    <rect width="640" height="440" fill="${['#b49a7c', '#8f8a83', '#a7a294'][n % 3]}"/>
    <g transform="rotate(${(n % 3) - 1} 320 220)">
      <rect x="52" y="64" width="536" height="312" rx="6" fill="#fdfdfb"/>
      ${line(80, 112, 30, `${brand} ${model}`, 'font-weight="600"')}
      ${line(80, 144, 19, `${colour} · 128 GB · Made in Vietnam`, 'fill="#444"')}
      ${imeis
        .slice(0, 2)
        .map(
          (imei, at) =>
            `${bars(80, 168 + at * 92, 40, imei)}${line(80, 240 + at * 92, 22, `IMEI${imeis.length > 1 ? at + 1 : ''}: ${imei}`)}`,
        )
        .join('')}
      ${line(80, 352, 15, `S/N R5C${String(n * 7919).padStart(8, '0')}`, 'fill="#444"')}
    </g>`,
  invoice: ({ brand, model, imeis, name, bought, price, n }) => `
    <rect width="640" height="440" fill="#6f6a63"/>
    <g transform="rotate(${(n % 3) - 1} 320 220)">
      <rect x="60" y="24" width="520" height="394" fill="#fffdf6"/>
      ${line(88, 64, 22, ['Di Động Minh Phát', 'Thế Giới Máy Nam Á', 'Cửa hàng Tân Tiến'][n % 3] ?? '', 'font-weight="600"')}
      ${line(88, 90, 14, 'HOÁ ĐƠN BÁN HÀNG · MẪU VẼ CHO BẢN DÙNG THỬ', 'fill="#555"')}
      <rect x="88" y="106" width="464" height="2"/>
      ${line(88, 142, 18, `Ngày: ${bought}`)}
      ${line(88, 174, 18, `Khách hàng: ${name}`)}
      ${line(88, 206, 18, `Máy: ${brand} ${model}`)}
      ${line(88, 238, 18, `IMEI: ${imeis[0]}`)}
      <rect x="88" y="262" width="464" height="1"/>
      ${line(88, 300, 20, `Thành tiền: ${price.toLocaleString('vi-VN')}.000 đ`, 'font-weight="600"')}
      ${line(380, 350, 15, 'Người bán hàng', 'fill="#555"')}
      <path d="M380 384 q18 -26 34 -4 t34 -6 t40 2" fill="none" stroke="#23408e" stroke-width="2"/>
    </g>`,
  warranty: ({ brand, model, imeis, name, bought }) => `
    <rect width="640" height="440" fill="#9aa3a8"/>
    <rect x="40" y="70" width="560" height="300" rx="14" fill="#eaf3f1"/>
    <rect x="40" y="70" width="560" height="58" rx="14" fill="#0d6e66"/>
    ${line(70, 108, 24, 'PHIẾU BẢO HÀNH 12 THÁNG', 'fill="#fff" font-weight="600"')}
    ${line(70, 176, 19, `Sản phẩm: ${brand} ${model}`)}
    ${line(70, 214, 19, `IMEI: ${imeis[0]}`)}
    ${line(70, 252, 19, `Khách hàng: ${name}`)}
    ${line(70, 290, 19, `Ngày mua: ${bought}`)}
    ${line(70, 338, 13, 'Mẫu vẽ cho bản dùng thử', 'fill="#555"')}`,
  account: ({ brand, model, imeis, n }) => `
    <rect width="640" height="440" fill="#14181b"/>
    ${line(48, 70, 26, `${brand} ${model}`, 'fill="#fff" font-weight="600"')}
    ${line(48, 102, 16, 'Lần cuối trực tuyến: hôm nay', 'fill="#9fb0b8"')}
    <rect x="40" y="130" width="560" height="220" rx="14" fill="#22292e"/>
    ${line(68, 180, 18, 'Kiểu máy', 'fill="#9fb0b8"')}${line(280, 180, 18, model, 'fill="#fff"')}
    ${line(68, 230, 18, 'IMEI', 'fill="#9fb0b8"')}${line(280, 230, 18, imeis[0] ?? '', 'fill="#fff"')}
    ${line(68, 280, 18, 'Số sê-ri', 'fill="#9fb0b8"')}${line(280, 280, 18, `F2L${String(n * 6151).padStart(7, '0')}`, 'fill="#fff"')}
    ${line(68, 330, 18, 'Trạng thái', 'fill="#9fb0b8"')}${line(280, 330, 18, 'Đã bật Chế độ mất', 'fill="#fff"')}`,
}

/** The place of an IMEI in each drawing: the start of its line, the letter size, and the number of letters in the line. */
const SPOTS: Readonly<Record<Shown['kind'], { x: number; y: number; size: number; letters: number }>> = {
  box: { x: 80, y: 240, size: 22, letters: 21 },
  invoice: { x: 88, y: 238, size: 18, letters: 21 },
  warranty: { x: 70, y: 214, size: 19, letters: 21 },
  account: { x: 280, y: 230, size: 18, letters: 15 },
}
/** The width of a letter as a share of its height, and its height above the baseline. */
const [LETTER, ASCENT] = [0.57, 0.8]

/** Returns what the reader would find in the drawing of a story's proof (fill.test.ts compares the two). */
export function readingOf({ proof: kind, imeis }: Pick<Story, 'proof' | 'imeis'>): ReadImei[] {
  const { x, y, size, letters } = SPOTS[kind]
  return imeis.slice(0, kind === 'box' ? 2 : 1).map((imei, at) => ({
    imei,
    key: imei.slice(0, 14) as ImeiKey,
    page: 1,
    method: 'text',
    box: {
      x: x / WIDTH,
      y: (y + at * 92 - ASCENT * size) / HEIGHT,
      width: (letters * LETTER * size) / WIDTH,
      height: size / HEIGHT,
    },
  }))
}

/** Draws a document as the smallest readable JPEG, without metadata like a copy for viewing. */
export async function draw(shown: Shown): Promise<Picture> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}"
    font-family="'Be Vietnam Pro', 'DejaVu Sans', Arial, sans-serif" fill="#111">${DRAWN[shown.kind](shown)}</svg>`
  const bytes = await sharp(Buffer.from(svg)).flatten({ background: '#fff' }).jpeg({ quality: 72 }).toBuffer()
  return { bytes, width: WIDTH, height: HEIGHT }
}

/**
 * Runs `work` with the product's own font available to drawings, because a machine may have no fonts. The first drawing
 * of a process must be made inside.
 */
export async function withOwnFont<T>(work: () => Promise<T>): Promise<T> {
  if (process.env.FONTCONFIG_FILE) return work()
  const fonts = dirname(fileURLToPath(import.meta.resolve('@expo-google-fonts/be-vietnam-pro/package.json')))
  const weights = ['400Regular', '600SemiBold'].map((weight) => `<dir>${join(fonts, weight)}</dir>`).join('')
  const folder = await mkdtemp(join(tmpdir(), 'antam-fonts-'))
  try {
    process.env.FONTCONFIG_FILE = join(folder, 'fonts.conf')
    await writeFile(
      process.env.FONTCONFIG_FILE,
      `<?xml version="1.0"?><fontconfig>${weights}<cachedir>${folder}</cachedir></fontconfig>\n`,
    )
    return await work()
  } finally {
    delete process.env.FONTCONFIG_FILE
    await rm(folder, { recursive: true, force: true })
  }
}

export function drawProof({
  proof: kind,
  phone,
  colour,
  imeis,
  fullName: name,
  n,
  incidentAt,
}: Story): Promise<Picture> {
  const bought = addMilliseconds(incidentAt, -(90 + ((n * 37) % 600)) * DAY)
  const [year, month, day] = localDate(bought).split('-')
  return draw({
    ...{ kind, brand: phone.brand, model: phone.model, price: phone.price, colour, imeis, name, n },
    bought: `${day}/${month}/${year}`,
  })
}
