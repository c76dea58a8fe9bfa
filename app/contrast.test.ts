import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

const css = readFileSync(new URL('./styles/theme.css', import.meta.url), 'utf8')
const [light = '', dark = ''] = css.split('prefers-color-scheme: dark')

const tokens = (text: string): Record<string, string> =>
  Object.fromEntries([...text.matchAll(/--color-([\w-]+): (#[0-9a-f]{6});/g)].map((m) => [m[1], m[2]]))

const schemes = { light: tokens(light), dark: { ...tokens(light), ...tokens(dark) } }

/** Returns the relative luminance as defined by WCAG 2.2. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(one: string, other: string): number {
  const [high = 0, low = 0] = [luminance(one), luminance(other)].toSorted((a, b) => b - a)
  return (high + 0.05) / (low + 0.05)
}

const surfaces = ['paper', 'card']
const text = [
  ...['ink', 'soft', 'teal', 'teal-deep', 'saffron-deep', 'red', 'red-deep', 'green', 'green-deep'].flatMap(
    (colour) => surfaces.map((surface) => [colour, surface] as const),
  ),
  ['on-teal', 'teal'],
  ...[5, 4, 3, 2, 1].map((step) => [`on-s${step}`, `s${step}`] as const),
  ['on-teal', 'teal-deep'],
  ['teal-deep', 'teal-wash'],
  ['teal', 'teal-wash'],
  ['saffron-deep', 'saffron-wash'],
  ['red', 'red-wash'],
  ['red-deep', 'red-wash'],
  ['green-deep', 'green-wash'],
  ...['teal', 'saffron', 'red', 'green'].flatMap((tone) => [
    ['ink', `${tone}-wash`] as const,
    ['soft', `${tone}-wash`] as const,
  ]),
] as const

/** Shapes that are seen but not read: edges of controls, dots, focus rings. */
const shapes = [
  ...['edge', 'teal', 'saffron', 'red', 'focus-ring'].flatMap((colour) =>
    surfaces.map((surface) => [colour, surface] as const),
  ),
  ['green', 'green-wash'],
] as const

describe.each(Object.entries(schemes))('in the %s scheme', (_, colours) => {
  const ratio = (one: string, other: string) => contrast(colours[one] ?? 'none', colours[other] ?? 'none')

  test.each(text)('%s can be read on %s', (one, other) => {
    expect(ratio(one, other)).toBeGreaterThanOrEqual(4.5)
  })

  test.each(shapes)('%s can be told from %s', (one, other) => {
    expect(ratio(one, other)).toBeGreaterThanOrEqual(3)
  })
})
