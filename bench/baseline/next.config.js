import { join } from 'node:path'

/** The product's configuration without its additions. @type {import('next').NextConfig} */
const config = {
  poweredByHeader: false,
  reactStrictMode: true,
  // The dependencies are the product's.
  turbopack: { root: join(import.meta.dirname, '../..') },
  typescript: { ignoreBuildErrors: true },
}

export default config
