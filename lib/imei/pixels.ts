/** A picture of brightness alone: one byte a pixel, row by row, 0 black. */
export interface Grey {
  readonly data: Uint8Array
  readonly width: number
  readonly height: number
}

/** In the form of a canvas: four bytes a pixel, red, green, blue, opacity. */
export interface Pixels {
  readonly data: Uint8ClampedArray<ArrayBuffer>
  readonly width: number
  readonly height: number
}

/** A part of a picture, in shares (0 to 1) of its width and height. */
export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** A point of a picture, in pixels. */
export type Point = readonly [x: number, y: number]

export function boxAround(points: readonly Point[], size: Pick<Grey, 'width' | 'height'>): Box {
  const [left, right] = bounds(points.map(([x]) => x / size.width))
  const [top, bottom] = bounds(points.map(([, y]) => y / size.height))
  return { x: left, y: top, width: right - left, height: bottom - top }
}

const bounds = (shares: readonly number[]): Point => {
  const within = shares.map((share) => Math.min(1, Math.max(0, share)))
  return [Math.min(...within), Math.max(...within)]
}

/** Returns the brightness of each pixel (ITU-R BT.601), with transparent pixels on white. */
export function greyOf({ data, width, height }: Pixels): Grey {
  const grey = new Uint8Array(width * height)
  for (let at = 0, from = 0; at < grey.length; at++, from += 4) {
    const light = (data[from] ?? 0) * 77 + (data[from + 1] ?? 0) * 150 + (data[from + 2] ?? 0) * 29
    const opacity = data[from + 3] ?? 255
    grey[at] = opacity === 255 ? light >> 8 : ((light >> 8) * opacity + 255 * (255 - opacity)) / 255
  }
  return { data: grey, width, height }
}

/** Shrinks the picture to at most `side` pixels a side, as the mean of the pixels that fall together. */
export function shrink(grey: Grey, side: number): Grey {
  const scale = side / Math.max(grey.width, grey.height)
  if (scale >= 1) return grey
  const width = Math.max(1, Math.round(grey.width * scale))
  const height = Math.max(1, Math.round(grey.height * scale))
  const data = new Uint8Array(width * height)
  for (let y = 0; y < height; y++) {
    const top = Math.floor((y * grey.height) / height)
    const bottom = Math.max(top + 1, Math.floor(((y + 1) * grey.height) / height))
    for (let x = 0; x < width; x++) {
      const left = Math.floor((x * grey.width) / width)
      const right = Math.max(left + 1, Math.floor(((x + 1) * grey.width) / width))
      let sum = 0
      for (let row = top; row < bottom; row++) {
        for (let at = row * grey.width + left; at < row * grey.width + right; at++) sum += grey.data[at] ?? 0
      }
      data[y * width + x] = sum / ((bottom - top) * (right - left))
    }
  }
  return { data, width, height }
}

/** Enlarges the picture `times`, smoothed, so that the narrowest bars and strokes have more than a pixel. */
export function enlarge(grey: Grey, times: number): Grey {
  const width = Math.round(grey.width * times)
  const height = Math.round(grey.height * times)
  const data = new Uint8Array(width * height)
  const inside = (place: number, most: number): number =>
    Math.min(Math.max((place + 0.5) / times - 0.5, 0), most)
  for (let y = 0; y < height; y++) {
    const fromY = inside(y, grey.height - 1)
    for (let x = 0; x < width; x++) data[y * width + x] = between(grey, inside(x, grey.width - 1), fromY)
  }
  return { data, width, height }
}

/** Smooths the picture's noise (3 × 3, binomial) and spreads its brightness over the whole range. */
export function cleared({ data, width, height }: Grey): Grey {
  const smooth = data.slice()
  for (let y = 1; y < height - 1; y++) {
    for (let at = y * width + 1; at < y * width + width - 1; at++) {
      const middle = (data[at - 1] ?? 0) + 2 * (data[at] ?? 0) + (data[at + 1] ?? 0)
      const [up, down] = [at - width, at + width]
      const above = (data[up - 1] ?? 0) + 2 * (data[up] ?? 0) + (data[up + 1] ?? 0)
      const below = (data[down - 1] ?? 0) + 2 * (data[down] ?? 0) + (data[down + 1] ?? 0)
      smooth[at] = (above + 2 * middle + below) >> 4
    }
  }
  const counts = new Uint32Array(256)
  for (const light of smooth) counts[light] = (counts[light] ?? 0) + 1
  const edge = (from: number, by: number): number => {
    let at = from
    for (let left = smooth.length / 400; at > 0 && at < 255 && left > 0; at += by) left -= counts[at] ?? 0
    return at
  }
  const [darkest, lightest] = [edge(1, 1), edge(254, -1)]
  const spread = 255 / Math.max(1, lightest - darkest)
  return {
    data: smooth.map((light) => Math.min(255, Math.max(0, (light - darkest) * spread))),
    width,
    height,
  }
}

/** Turns the whole picture by some degrees about its middle; the corners that appear are white. */
export function turned(grey: Grey, degrees: number): Grey {
  const angle = (degrees * Math.PI) / 180
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  const width = Math.ceil(Math.abs(grey.width * cos) + Math.abs(grey.height * sin))
  const height = Math.ceil(Math.abs(grey.width * sin) + Math.abs(grey.height * cos))
  const [middleX, middleY] = [(grey.width - 1) / 2, (grey.height - 1) / 2]
  const data = new Uint8Array(width * height).fill(255)
  for (let y = 0; y < height; y++) {
    const fromMiddle = y - (height - 1) / 2
    let sourceX = middleX + (-(width - 1) / 2) * cos + fromMiddle * sin
    let sourceY = middleY + ((width - 1) / 2) * sin + fromMiddle * cos
    for (let x = 0; x < width; x++, sourceX += cos, sourceY -= sin) {
      if (sourceX >= 0 && sourceY >= 0 && sourceX <= grey.width - 1 && sourceY <= grey.height - 1) {
        data[y * width + x] = between(grey, sourceX, sourceY)
      }
    }
  }
  return { data, width, height }
}

/** Returns the brightness at a point between pixels: bilinear, in 1/256 of a pixel. */
function between({ data, width, height }: Grey, x: number, y: number): number {
  const left = Math.floor(x)
  const top = Math.floor(y)
  const right = ((x - left) * 256) | 0
  const below = ((y - top) * 256) | 0
  const at = top * width + left
  const aside = left + 1 < width ? 1 : 0
  const down = top + 1 < height ? width : 0
  const upper = (data[at] ?? 0) * (256 - right) + (data[at + aside] ?? 0) * right
  const lower = (data[at + down] ?? 0) * (256 - right) + (data[at + down + aside] ?? 0) * right
  return (upper * (256 - below) + lower * below) >> 16
}

/** Share of the picture: a larger dark part is a surface, not a bar. */
const SURFACE = 0.012

/**
 * Makes every large dark surface light: on a dark screen a barcode is on a narrow white strip, and decoders need a wide white
 * margin (ISO/IEC 15417 asks ten modules). The bars, which the strip surrounds, stay. Returns null if there is no such surface.
 */
export function withoutDarkSurfaces(grey: Grey): Grey | null {
  const { width, height } = grey
  const { dark, light } = parted(grey)
  const data = grey.data.slice()
  const seen = new Uint8Array(data.length)
  const members = new Int32Array(data.length)
  const least = data.length * SURFACE
  let found = false
  for (let start = 0; start < data.length; start++) {
    if (seen[start] === 1 || (data[start] ?? 255) >= dark) continue
    let count = 0
    const visit = (at: number): void => {
      if (seen[at] === 1 || (grey.data[at] ?? 255) >= dark) return
      seen[at] = 1
      members[count++] = at
    }
    visit(start)
    for (let next = 0; next < count; next++) {
      const at = members[next] ?? 0
      const x = at % width
      if (x > 0) visit(at - 1)
      if (x < width - 1) visit(at + 1)
      if (at >= width) visit(at - width)
      if (at < width * (height - 1)) visit(at + width)
    }
    if (count < least) continue
    found = true
    for (let next = 0; next < count; next++) data[members[next] ?? 0] = light
  }
  return found ? { data, width, height } : null
}

/** Returns the brightness below which a pixel is dark (N. Otsu, 1979), and the mean brightness of the other pixels. */
function parted({ data }: Grey): { readonly dark: number; readonly light: number } {
  const counts = new Float64Array(256)
  for (const light of data) counts[light] = (counts[light] ?? 0) + 1
  const total = data.length
  const sum = counts.reduce((so, count, light) => so + count * light, 0)
  let [below, sumBelow, best, dark, light] = [0, 0, -1, 128, 255]
  for (let at = 0; at < 256; at++) {
    below += counts[at] ?? 0
    sumBelow += (counts[at] ?? 0) * at
    if (below === 0 || below === total) continue
    const mean = (sum - sumBelow) / (total - below)
    const apart = sumBelow / below - mean
    const variance = below * (total - below) * apart * apart
    if (variance > best) [best, dark, light] = [variance, at + 1, mean]
  }
  return { dark, light }
}

const BIN = 2

/**
 * Returns the turns, in degrees from -45 to 45, that make a picture's edges upright, for the strongest edges first. A barcode has
 * only edges of one direction, and lines of text have more edges of one direction than of any other.
 */
export function anglesOf(grey: Grey, most: number): readonly number[] {
  const { data, width, height } = grey
  const strength = new Float64Array(180 / BIN)
  for (let y = 1; y < height - 1; y++) {
    for (let at = y * width + 1; at < y * width + width - 1; at++) {
      const across = (data[at + 1] ?? 0) - (data[at - 1] ?? 0)
      const down = (data[at + width] ?? 0) - (data[at - width] ?? 0)
      const size = Math.abs(across) + Math.abs(down)
      if (size < 40) continue
      const degrees = (Math.atan2(down, across) * 180) / Math.PI
      const bin = Math.floor(((degrees + 180 + BIN / 2) % 180) / BIN)
      strength[bin] = (strength[bin] ?? 0) + size
    }
  }
  const around = (bin: number, by: number): number =>
    strength[(bin + by + strength.length) % strength.length] ?? 0
  const smooth = strength.map((_, bin) => around(bin, -1) + 2 * around(bin, 0) + around(bin, 1))
  const bins = [...smooth.keys()].sort((a, b) => (smooth[b] ?? 0) - (smooth[a] ?? 0))
  const angles: number[] = []
  for (const bin of bins) {
    const turn = 45 - ((bin * BIN + 45) % 90)
    const apart = (angle: number): number => Math.abs(((turn - angle + 135) % 90) - 45)
    if (angles.every((angle) => apart(angle) >= 6)) angles.push(turn)
    if (angles.length === most || (smooth[bin] ?? 0) * 8 < (smooth[bins[0] ?? 0] ?? 0)) break
  }
  return angles
}
