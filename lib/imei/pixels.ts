/** A picture of brightness alone: one byte a pixel, row by row, 0 black. */
export interface Grey {
  readonly data: Uint8Array
  readonly width: number
  readonly height: number
}

/** As a canvas gives them: four bytes a pixel, red, green, blue, opacity. */
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

/** Returns the part of a picture of `size` that encloses some points of it. */
export function boxAround(points: readonly Point[], size: Pick<Grey, 'width' | 'height'>): Box {
  const [left, right] = bounds(points.map(([x]) => x / size.width))
  const [top, bottom] = bounds(points.map(([, y]) => y / size.height))
  return { x: left, y: top, width: right - left, height: bottom - top }
}

const bounds = (shares: readonly number[]): Point => {
  const within = shares.map((share) => Math.min(1, Math.max(0, share)))
  return [Math.min(...within), Math.max(...within)]
}

/** Returns the brightness of each pixel (ITU-R BT.601), seen on white where it is transparent. */
export function greyOf({ data, width, height }: Pixels): Grey {
  const grey = new Uint8Array(width * height)
  for (let at = 0, from = 0; at < grey.length; at++, from += 4) {
    const light = (data[from] ?? 0) * 77 + (data[from + 1] ?? 0) * 150 + (data[from + 2] ?? 0) * 29
    const opacity = data[from + 3] ?? 255
    grey[at] = opacity === 255 ? light >> 8 : ((light >> 8) * opacity + 255 * (255 - opacity)) / 255
  }
  return { data: grey, width, height }
}

export function pixelsOf({ data, width, height }: Grey): Pixels {
  const pixels = new Uint8ClampedArray(width * height * 4)
  const words = new Uint32Array(pixels.buffer)
  for (let at = 0; at < data.length; at++) {
    // Three times the same byte and full opacity read alike in either order of bytes but for that one.
    const light = data[at] ?? 0
    words[at] = LITTLE_ENDIAN ? (0xff000000 | (light * 0x010101)) >>> 0 : ((light * 0x01010100) | 0xff) >>> 0
  }
  return { data: pixels, width, height }
}
const LITTLE_ENDIAN = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1

/** Returns the picture at most `side` pixels long, by the mean of the pixels that fall together. */
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

/** Returns the picture twice as large, smoothed, so that the narrowest bars have more than a pixel. */
export function twice(grey: Grey): Grey {
  const width = grey.width * 2
  const height = grey.height * 2
  return mapped(grey, width, height, (x, y) => [(x - 0.5) / 2, (y - 0.5) / 2])
}

/** Returns the whole picture turned by some degrees about its middle, white where nothing was. */
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

/** Returns the point of a picture that a point of the same picture, {@link turned}, was. */
export function turnedBack(grey: Grey, of: Grey, degrees: number, [x, y]: Point): Point {
  const angle = (degrees * Math.PI) / 180
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  const [right, down] = [x - (of.width - 1) / 2, y - (of.height - 1) / 2]
  return [(grey.width - 1) / 2 + right * cos + down * sin, (grey.height - 1) / 2 - right * sin + down * cos]
}

function mapped(
  grey: Grey,
  width: number,
  height: number,
  source: (x: number, y: number) => readonly [number, number],
): Grey {
  const data = new Uint8Array(width * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [fromX, fromY] = source(x, y)
      data[y * width + x] = between(
        grey,
        Math.min(Math.max(fromX, 0), grey.width - 1),
        Math.min(Math.max(fromY, 0), grey.height - 1),
      )
    }
  }
  return { data, width, height }
}

/** Bilinear, in 1/256 of a pixel. */
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

/**
 * Makes white the dark surface that touches the picture's edge: on a dark screen a barcode stands on a narrow white
 * strip, and decoders want a wide white margin (ISO/IEC 15417 asks ten modules). The bars, which the strip surrounds,
 * stay. Returns null where hardly anything at the edge is dark.
 */
export function withoutDarkSurround(grey: Grey): Grey | null {
  const { width, height } = grey
  const dark = threshold(grey)
  const data = grey.data.slice()
  const stack: number[] = []
  const visit = (at: number): void => {
    if ((data[at] ?? 255) >= dark) return
    data[at] = 255
    stack.push(at)
  }
  for (let x = 0; x < width; x++) {
    visit(x)
    visit((height - 1) * width + x)
  }
  for (let y = 0; y < height; y++) {
    visit(y * width)
    visit(y * width + width - 1)
  }
  if (stack.length < (width + height) / 2) return null
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    const x = at % width
    if (x > 0) visit(at - 1)
    if (x < width - 1) visit(at + 1)
    if (at >= width) visit(at - width)
    if (at < data.length - width) visit(at + width)
  }
  return { data, width, height }
}

/** Returns the brightness that best parts dark from light (N. Otsu, 1979). */
function threshold({ data }: Grey): number {
  const counts = new Float64Array(256)
  for (const light of data) counts[light] = (counts[light] ?? 0) + 1
  const total = data.length
  const sum = counts.reduce((so, count, light) => so + count * light, 0)
  let [below, sumBelow, best, at] = [0, 0, -1, 128]
  for (let light = 0; light < 256; light++) {
    below += counts[light] ?? 0
    sumBelow += (counts[light] ?? 0) * light
    if (below === 0 || below === total) continue
    const apart = sumBelow / below - (sum - sumBelow) / (total - below)
    const variance = below * (total - below) * apart * apart
    if (variance > best) [best, at] = [variance, light + 1]
  }
  return at
}
