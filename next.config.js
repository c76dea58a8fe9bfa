import createNextIntlPlugin from 'next-intl/plugin'

const withNextIntl = createNextIntlPlugin('./messages/request.ts')

/** What every answer carries, API and files included. The policy with its nonce is the proxy's, one a request. */
const headers = [
  { key: 'X-Content-Type-Options', value: 'nosniff' },
  { key: 'Referrer-Policy', value: 'same-origin' },
  { key: 'X-Frame-Options', value: 'DENY' },
  { key: 'Cross-Origin-Opener-Policy', value: 'same-origin' },
  { key: 'Cross-Origin-Resource-Policy', value: 'same-origin' },
  { key: 'Permissions-Policy', value: 'camera=(self), geolocation=(), microphone=(), payment=(), usb=()' },
]

/** @type {import('next').NextConfig} */
const config = {
  poweredByHeader: false,
  reactStrictMode: true,
  devIndicators: false,
  allowedDevOrigins: ['127.0.0.1', 'localhost'],
  serverExternalPackages: [
    'pg-boss',
    'pino',
    '@node-rs/argon2',
    'sharp',
    '@react-pdf/renderer',
    'heic-decode',
  ],
  // The title belongs in the first bytes for everybody, not only for crawlers.
  htmlLimitedBots: /.*/,
  // As much as the proxy lets through (FORM_LIMIT in app/intake.ts).
  experimental: { serverActions: { bodySizeLimit: 9_000_000 } },
  // `npm run check` runs the compiler over the whole project; Next's own pass sees only what a page imports.
  typescript: { ignoreBuildErrors: true },
  headers: async () => [
    { source: '/:path*', headers },
    // The secret link: its address goes nowhere.
    { source: '/k/:path*', headers: [{ key: 'Referrer-Policy', value: 'no-referrer' }] },
  ],
  logging: { incomingRequests: { ignore: [/^\/k\//, /^\/api\/citizen\/callback/] } },
}

export default withNextIntl(config)
