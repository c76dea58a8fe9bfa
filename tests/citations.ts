import { dirname, join, normalize } from 'node:path/posix'

/** One text file; `path` is relative to the project, with forward slashes. */
export interface TextFile {
  readonly path: string
  readonly text: string
}

export interface Project {
  /** The paths of all files and folders. */
  readonly paths: ReadonlySet<string>
  /** All ends of these paths that begin after a slash: `cases/move.ts`, `move.ts`. */
  readonly endings: ReadonlySet<string>
  /** The texts of the Markdown files, by path. */
  readonly documents: ReadonlyMap<string, string>
  /** The numbers of the decision records: `62` for `docs/adr/0062-….md`. */
  readonly adrs: ReadonlySet<number>
  readonly scripts: ReadonlySet<string>
}

const endingsOf = (path: string): string[] => {
  const parts = path.split('/')
  return parts.map((_, index) => parts.slice(index).join('/'))
}

export function projectOf(files: readonly TextFile[], paths: readonly string[]): Project {
  const adr = (path: string) => /^docs\/adr\/(\d{4})-[^/]+\.md$/.exec(path)?.[1]
  const own = files.find(({ path }) => path === 'package.json')?.text ?? '{}'
  const { scripts = {} } = JSON.parse(own) as { scripts?: Record<string, string> }
  return {
    paths: new Set(paths),
    endings: new Set(paths.flatMap(endingsOf)),
    documents: new Map(
      files.filter(({ path }) => path.endsWith('.md')).map(({ path, text }) => [path, text]),
    ),
    adrs: new Set(paths.flatMap((path) => adr(path) ?? []).map(Number)),
    scripts: new Set(Object.keys(scripts)),
  }
}

/** Paths that the product, its build or npm create at run time. They are not files of the repository. */
const MADE = /^(\.data|\.next|node_modules|generated|test-results|DATA_DIR|AUDIT_DIR|BENCH_DIR)\/|^DATA_DIR$/
/** Names of such files that are cited without their folder. */
const MADE_NAMES: ReadonlySet<string> = new Set([
  ...['demo-accounts.json', 'demo-receivers.json', 'secrets.json'],
  // Files in an outsider's folder (docs/operations/check-from-outside.md).
  ...['kept.json', 'table.json', 'HASH.json', 'HASH.proof.json', 'copy/checkpoint'],
])

const COMMENTS: Readonly<Record<string, RegExp>> = {
  ts: /\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm,
  sql: /--.*$/gm,
  prisma: /\/\/.*$/gm,
  yml: /#.*$/gm,
  css: /\/\*[\s\S]*?\*\//g,
}
const KIND: Readonly<Record<string, string>> = { tsx: 'ts', mjs: 'ts', js: 'ts', yaml: 'yml', sh: 'yml' }

/**
 * Keeps only prose: the whole of a document, or the comments of a source file. Everything else becomes blanks,
 * so that line numbers stay right.
 */
function prose({ path, text }: TextFile): string {
  const ending = path.split('.').at(-1) ?? ''
  const blank = (found: string) => ' '.repeat(found.length)
  if (ending === 'md') return text.replace(URLS, blank).replace(LINK, blank)
  const pattern = COMMENTS[KIND[ending] ?? ending]
  if (!pattern) return ''
  let kept = ''
  for (const match of text.matchAll(pattern)) {
    kept += text.slice(kept.length, match.index).replace(/[^\n]/g, ' ')
    kept += match[0].replace(URLS, blank)
  }
  return kept
}

const NAME = String.raw`[\w.@{},*<>…-]`
const SEGMENT = String.raw`(?:${NAME}+|\([\w-]+\)|\[{1,2}[\w.]+\]{1,2})`
const PATH = new RegExp(
  String.raw`(?<![\w/.@<-]|\w[\])])(?:\.{0,2}/)?(?:${SEGMENT}/)*(?=[^.\s]*\w)${NAME}+\.(?:tsx?|mjs|md|json|sql|css|svg|png|ya?ml|prisma)(?![\w/-]|\.\w)`,
  'g',
)
const FOLDER =
  /`((?:app|components|features|http|lib|messages|platform|deploy|scripts|prisma|tests|tools|e2e|bench|docs|public)\/[^\s`]*)`/g
/** Matches the test folder of a `vitest run` command. */
const TESTS = /\bvitest run\b[^`\n]*?\s((?:features|platform|http|lib|scripts|prisma|tests|tools)\/[^\s`]+)/g
/** A module of the product by the end of its path: `cases/moves/acts`. */
const MODULE =
  /`((?!text\/|application\/|image\/)[a-z(][\w()[\].-]*(?:\/[\w()[\].-]*[a-z)\]][\w()[\].-]*)+)`/g
const ADRS = /\bADRs?\s+(\d+(?:(?:,\s*|\s+and\s+|\s+or\s+)\d+)*)/g
const ADR_PATH = /docs\/adr\/(\d{4})\b/g
const URLS = /https?:\/\/[^\s)>]+/g
const LINK = /\]\(([^)\s]+)\)|(?:src|href)="([^"]+)"/g
const HEADING = /([\w/.-]+\.md)`?,\s+"([^"\n]+)"/g
const SCRIPT = /\bnpm run ([\w:]+)/g

/** Turns a path with placeholders (`<name>`, `NAME`, `*`, `…`, `{a,b}`) into a pattern of the matching paths. */
function pathPattern(cited: string): RegExp {
  const plain = cited.replace(/[.+^$()|[\]\\]/g, String.raw`\$&`)
  const open = plain
    .replace(/\*\*\/?/g, '…')
    .replace(/<[^>/]*>|\*|\bNAME\b/g, '[^/]*')
    .replace(/\{([^}]*)\}/g, (_, either: string) => `(?:${either.replaceAll(',', '|')})`)
    .replaceAll('…', '.*')
  return new RegExp(`(?:^|/)${open}$`)
}

/** Returns whether a cited path names a file or folder: from the root, from the citing file, or as the end of a path. */
function leadsSomewhere(cited: string, from: string, { paths, endings }: Project): boolean {
  if (MADE.test(cited) || MADE_NAMES.has(cited)) return true
  const path = cited.replace(/^\//, '').replace(/\/$/, '')
  if (paths.has(path) || paths.has(normalize(join(dirname(from), path)))) return true
  const ending = path.replace(/^\.{1,2}\//, '')
  if (endings.has(ending)) return true
  if (!/[*<{…]|NAME/.test(ending)) return false
  const pattern = pathPattern(ending)
  for (const one of paths) if (pattern.test(one)) return true
  return false
}

/** Returns the anchor that GitHub gives a heading. */
const anchorOf = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-')
const headingsOf = (text = ''): string[] =>
  [...text.matchAll(/^#{1,6}\s+(.+)$/gm)].map((match) => (match[1] ?? '').replaceAll('`', ''))

function linkFault(target: string, from: string, { paths, documents }: Project): string | null {
  if (/^[a-z]+:/.test(target)) return null
  const [file = '', anchor] = target.split('#')
  const path = file === '' ? from : normalize(join(dirname(from), file))
  if (!paths.has(path.replace(/\/$/, ''))) return `links to ${target}, which is not there`
  if (!anchor) return null
  const known = headingsOf(documents.get(path)).map(anchorOf).includes(anchor)
  return known ? null : `links to ${target}: ${path} has no such heading`
}

/** Finds every citation of a file that leads nowhere. Each fault begins with the file and its line. */
export function deadCitations(file: TextFile, project: Project): string[] {
  const { path, text } = file
  const faults: { at: number; fault: string }[] = []
  const find = (
    source: string,
    pattern: RegExp,
    judge: (...parts: string[]) => string | null | undefined,
  ) => {
    for (const match of source.matchAll(pattern)) {
      const fault = judge(...match.map((part) => part ?? ''))
      if (fault) faults.push({ at: match.index, fault })
    }
  }
  const written = prose(file)
  const missing = (cited: string) =>
    leadsSomewhere(cited, path, project) ? null : `cites ${cited}, which is not there`
  const unknown = (numbers: string) =>
    (numbers.match(/\d+/g) ?? [])
      .filter((number) => !project.adrs.has(Number(number)))
      .map((number) => `cites ADR ${Number(number)}, which is not there`)[0]
  find(written, PATH, (cited = '') => missing(cited))
  find(text, ADRS, (_, numbers = '') => unknown(numbers))
  find(text, ADR_PATH, (_, number = '') => unknown(number))
  find(written, HEADING, (_, document = '', heading = '') => {
    const where = [...project.documents].find(([one]) => one === document || one.endsWith(`/${document}`))
    return where && !headingsOf(where[1]).includes(heading)
      ? `cites ${document}, "${heading}": it has no such heading`
      : null
  })
  find(written, SCRIPT, (_, name = '') =>
    project.scripts.has(name) ? null : `cites npm run ${name}, which package.json does not have`,
  )
  if (path.endsWith('.md')) {
    find(text, LINK, (_, inline = '', html = '') => linkFault(inline || html, path, project))
    const module = (_: string, cited = '') =>
      [cited, `${cited}.ts`, `${cited}.tsx`].some((one) => leadsSomewhere(one, path, project))
        ? null
        : missing(cited)
    find(text, FOLDER, module)
    find(text, TESTS, module)
    find(text, MODULE, module)
  }
  return faults
    .toSorted((a, b) => a.at - b.at)
    .map(({ at, fault }) => `${path}:${text.slice(0, at).split('\n').length}: ${fault}`)
    .filter((fault, index, all) => all.indexOf(fault) === index)
}

/** Lists the code names in a glossary's second and third columns that no source has any more. */
export function deadNames(glossary: string, sources: readonly TextFile[]): string[] {
  const known = new Set(sources.flatMap(({ text }) => text.match(/\w+/g) ?? []))
  const rows = [...glossary.matchAll(/^\|[^|]*\|([^|]*\|[^|]*)\|$/gm)].map(([, cells = '']) => cells)
  const names = rows.flatMap((cells) => [...cells.matchAll(/`(\w+)`/g)].map(([, name = '']) => name))
  return [...new Set(names)].filter((name) => !known.has(name))
}
