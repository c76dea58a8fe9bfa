/** The browsers and systems that a list of sessions distinguishes. Those that also name another browser come first. */
const BROWSERS = [
  ['edge', /\bEdgA?\/|\bEdgiOS\//],
  ['opera', /\bOPR\//],
  ['coc_coc', /\bcoc_coc_browser\//],
  ['samsung', /\bSamsungBrowser\//],
  ['firefox', /\bFirefox\/|\bFxiOS\//],
  ['chrome', /\bChrome\/|\bCriOS\//],
  ['safari', /\bSafari\//],
] as const
const SYSTEMS = [
  ['android', /\bAndroid\b/],
  ['ios', /\b(?:iPhone|iPad)\b/],
  ['windows', /\bWindows\b/],
  ['mac', /\bMac OS X\b/],
  ['linux', /\bLinux\b/],
] as const

/**
 * A browser as its owner would recognise it, such as `chrome android`. It has no version, no address and no text of the
 * sender, so that it identifies no person.
 */
export type BrowserLabel =
  `${(typeof BROWSERS)[number][0] | 'other'} ${(typeof SYSTEMS)[number][0] | 'other'}`

export function browserOf(userAgent: string): BrowserLabel {
  const browser = BROWSERS.find(([, mark]) => mark.test(userAgent))?.[0] ?? 'other'
  const system = SYSTEMS.find(([, mark]) => mark.test(userAgent))?.[0] ?? 'other'
  return `${browser} ${system}`
}
