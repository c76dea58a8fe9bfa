import '#server-only'

/** Lists the files of `public/`, by their addresses. Any other answers 404 (proxy.ts); `proxy.test.ts` compares it with the folder. */
export const PUBLIC_FILES: ReadonlySet<string> = new Set([
  '/icon.svg',
  '/robots.txt',
  '/kiosk-worker.js',
  '/device-worker.js',
  ...['/apple-touch-icon.png', '/icon-192.png', '/icon-512.png'],
  ...['/share-vi.png', '/share-en.png', '/manifest-vi.webmanifest', '/manifest-en.webmanifest'],
  ...['/records-vi.csv', '/records-en.csv', '/found-phones-vi.csv', '/found-phones-en.csv'],
])
