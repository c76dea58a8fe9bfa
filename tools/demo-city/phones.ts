import { luhnDigit } from '#lib/imei/imei.ts'

interface Model {
  readonly tac: string
  readonly brand: string
  readonly model: string
  readonly colours: readonly string[]
  /** Thousands of đồng, as on an invoice. */
  readonly price: number
}

/**
 * The phones of the city. Their TACs are adjacent and, as far as is known, not allocated, so that a visitor does not type
 * a number of the city by accident.
 */
export const MODELS: readonly Model[] = [
  ['Samsung', 'Galaxy A54 5G', 'Đen Tím', 8_490],
  ['Samsung', 'Galaxy S23', 'Kem Xanh', 15_990],
  ['Samsung', 'Galaxy A15', 'Xanh Đen', 4_690],
  ['Samsung', 'Galaxy Z Flip5', 'Tím Xám', 18_990],
  ['Apple', 'iPhone 11', 'Trắng Đen Đỏ', 9_990],
  ['Apple', 'iPhone 13', 'Hồng Xanh', 14_290],
  ['Apple', 'iPhone 14 Pro Max', 'Tím Đen', 26_490],
  ['Apple', 'iPhone 15', 'Hồng Đen', 19_490],
  ['OPPO', 'Reno10 5G', 'Bạc Xám', 9_490],
  ['OPPO', 'A58', 'Đen Xanh', 4_990],
  ['Xiaomi', 'Redmi Note 12', 'Xám Xanh', 4_890],
  ['Xiaomi', '13T', 'Đen Xanh', 11_490],
  ['vivo', 'Y36', 'Đen Vàng', 5_490],
  ['realme', 'C55', 'Vàng Đen', 4_290],
  ['Nokia', 'G22', 'Xám Xanh', 3_590],
].map(([brand, model, colours, price], at) => ({
  tac: `86499${String(100 + at)}`,
  brand: String(brand),
  model: String(model),
  colours: String(colours).split(' '),
  price: Number(price),
}))

/** Returns the IMEI of the `n`th phone of a model. Serial numbers are far apart, as in real life. */
export function imeiOf({ tac }: Model, n: number): string {
  const key = `${tac}${String((n * 733_267 + 104_729) % 1_000_000).padStart(6, '0')}`
  return key + luhnDigit(key)
}
export type { Model }
