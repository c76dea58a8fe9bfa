import createNextIntlPlugin from 'next-intl/plugin'

const withNextIntl = createNextIntlPlugin('./messages/request.ts')

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
  // As much as the gate lets through (FORM_LIMIT in server/entry/intake.ts).
  experimental: { serverActions: { bodySizeLimit: 9_000_000 } },
  // `npm run check` runs the compiler over the whole project; Next's own pass sees only what a page imports.
  typescript: { ignoreBuildErrors: true },
  logging: { incomingRequests: { ignore: [/^\/k\//, /^\/api\/citizen\/callback/] } },
}

export default withNextIntl(config)
