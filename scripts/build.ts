import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readArguments } from './arguments.ts'
import { run } from './run.ts'

export const SOURCES = [
  'app',
  'cities/city.ts',
  'cities/schema.ts',
  'components',
  'features',
  'http',
  'lib',
  'messages',
  'platform',
  'public',
  'prisma/models',
  'prisma/schema.prisma',
  'instrumentation.ts',
  'proxy.ts',
  'scripts/embedded.ts',
  'scripts/serving.ts',
  'scripts/signing-key.ts',
  'scripts/unbundled-client.ts',
  'scripts/unbundled-words.ts',
  'next.config.js',
  'package-lock.json',
  'package.json',
  'postcss.config.mjs',
  'tsconfig.json',
]
/** The sources of the bare site that bench/ compares with, including the product's server start. */
export const BASELINE_SOURCES = [
  'instrumentation.ts',
  'cities/city.ts',
  'cities/schema.ts',
  'features/installation',
  'platform',
  'bench/baseline/app',
  'bench/baseline/next.config.js',
  'bench/baseline/proxy.ts',
  'bench/baseline/tsconfig.json',
  'package-lock.json',
]

function files(path: string): string[] {
  if (!existsSync(path)) return []
  const entries = (() => {
    try {
      return readdirSync(path, { withFileTypes: true })
    } catch {
      return null
    }
  })()
  if (!entries) return /\.test\.tsx?$/.test(path) ? [] : [path]
  return entries.flatMap((entry) => files(join(path, entry.name))).sort()
}

function sourcesHash(sources: readonly string[]): string {
  const hash = createHash('sha256')
  for (const file of sources.flatMap(files)) hash.update(`${file}\0`).update(readFileSync(file)).update('\0')
  return hash.digest('hex')
}

/** Builds the site in `directory` unless the existing build was made from the same sources. */
export async function buildWhenStale(
  directory = '.',
  sources: readonly string[] = SOURCES,
  niceness = 0,
): Promise<void> {
  const hash = sourcesHash(sources)
  const stamp = join(directory, '.next/sources.sha256')
  const isBuilt = existsSync(join(directory, '.next/BUILD_ID'))
  if (isBuilt && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return
  console.error(directory === '.' ? 'Building the site …' : `Building ${directory} …`)
  const env = { NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' }
  const { code, output } = await run('next', ['build', directory], env, niceness)
  if (code !== 0) throw new Error(`The build failed:\n${output.trim()}`)
  writeFileSync(stamp, hash)
}

/** `npm run build`: makes the build that `npm start` and `npm run web` look for, only if it is stale. */
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  readArguments('usage: npm run build', {})
  await buildWhenStale()
}
