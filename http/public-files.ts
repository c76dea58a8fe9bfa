import '#server-only'

/**
 * The addresses of the files in `public/`. Any other answers 404 (proxy.ts); `proxy.test.ts` compares the list with the folder.
 */
export const PUBLIC_FILES: ReadonlySet<string> = new Set([
  '/icon.svg',
  '/robots.txt',
  '/kiosk-worker.js',
  '/device-worker.js',
  ...['/apple-touch-icon.png', '/icon-192.png', '/icon-512.png'],
  ...['/share-vi.png', '/share-en.png', '/manifest-vi.webmanifest', '/manifest-en.webmanifest'],
  ...['/records-vi.csv', '/records-en.csv', '/found-phones-vi.csv', '/found-phones-en.csv'],
])
