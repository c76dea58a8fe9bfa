import { dirname, join, normalize } from 'node:path'

/** One source file; `path` is relative to the project, with forward slashes. */
export interface Source {
  readonly path: string
  readonly text: string
}

/** Orders the nouns: each may ask those of an earlier line. A new noun takes its place here. */
const LEVELS: readonly (readonly string[])[] = [
  ['audit'],
  ['installation', 'limits', 'reference', 'submissions', 'visits'],
  ['disclosures', 'notices', 'papers'],
  ['accounts', 'codes', 'evidence', 'exchange', 'identities'],
  ['cases', 'survey'],
  ['privacy', 'reports'],
  ['check'],
  ['objections'],
  ['facts', 'health', 'retention'],
]
const levelOf = (noun: string): number => LEVELS.findIndex((nouns) => nouns.includes(noun))

/** Matches what a noun's folder may hold; a word that has become a folder holds any names. */
const NOUN_FILES = /^(loaders|commands|repository|jobs)\.ts$|^(loaders|commands|repository)\//
/** Beyond that, by name: what a noun does that is neither reading, writing nor a job. */
const OWN_FILES: Readonly<Record<string, readonly string[]>> = {
  audit: ['files.ts'],
  evidence: ['content.ts', 'files.ts', 'heic-decode.d.ts', 'pictures.ts', 'turns.ts'],
  exchange: ['drawing.ts'],
  notices: ['templates.ts'],
  papers: ['drawing.ts'],
  survey: ['drawing.ts'],
}

const NEXT_AUTH = 'server/entry/session.ts'
const isTest = (path: string): boolean => /\.test\.tsx?$/.test(path)
const DATABASE = /^server\/platform\/(db|deferred-writes|database-errors)\.ts$/
const isRepository = (path: string): boolean => /^server\/\w+\/repository(\.ts$|\/)/.test(path)
const isAsked = (path: string): boolean => /^server\/\w+\/(loaders|commands)(\.ts$|\/)/.test(path)
const nounOf = (path: string): string | null => {
  const [, noun] = /^server\/([^/]+)\//.exec(path) ?? []
  return noun && noun !== 'platform' && noun !== 'entry' ? noun : null
}

interface Import {
  readonly line: number
  /** Project path for our own files, package name for others. */
  readonly target: string
  readonly own: boolean
  readonly names: string
}

const IMPORT =
  /(?:^|\n)[^\S\n]*(?:import|export)\s([^'"`;]*?)\bfrom\s*['"]([^'"]+)['"]|(?<!['".])\bimport\s*\(?\s*['"]([^'"]+)['"]/g

/** Every import and re-export of a file, with the project path of what it names. */
export function importsOf({ path, text }: Source): Import[] {
  return [...text.matchAll(IMPORT)].map((match) => {
    const specifier = match[2] ?? match[3] ?? ''
    const at = (match.index ?? 0) + match[0].lastIndexOf(specifier)
    const own = /^[#.]/.test(specifier)
    const target = specifier.startsWith('#')
      ? specifier.slice(1)
      : specifier.startsWith('.')
        ? normalize(join(dirname(path), specifier))
        : specifier
    return { line: text.slice(0, at).split('\n').length, target, own, names: match[1] ?? '' }
  })
}

const under = (target: string, ...folders: readonly string[]): boolean =>
  folders.some((folder) => target === folder || target.startsWith(`${folder}/`))

/** Says why a file at `path` may not import `target`, or null when it may. */
function arrowFault(path: string, target: string): string | null {
  if (target === 'server-only') return null
  if (under(path, 'domain')) return under(target, 'domain') ? null : 'domain imports only domain'
  if (under(path, 'components')) {
    return under(target, 'components', 'domain', 'messages')
      ? null
      : 'components import only components, domain and messages'
  }
  if (under(path, 'messages'))
    return under(target, 'messages', 'domain') ? null : 'messages import only domain'
  if (under(path, 'server/platform')) {
    if (under(target, 'generated'))
      return DATABASE.test(path)
        ? null
        : 'platform knows the client in db.ts, deferred-writes.ts and database-errors.ts alone'
    return under(target, 'server/platform', 'domain', 'messages') ? null : 'platform knows nothing above it'
  }
  if (under(path, 'server/entry')) {
    const fits = under(target, 'server/entry', 'server/platform', 'domain', 'messages') || isAsked(target)
    return fits ? null : 'entry asks nouns through their loaders and commands'
  }
  const noun = nounOf(path)
  if (noun !== null) return nounFault(path, noun, target)
  if (path === 'proxy.ts') {
    const fits = under(target, 'domain', 'messages', 'server/entry', 'server/platform/crypto.ts')
    return fits ? null : 'proxy.ts asks the database nothing'
  }
  if (under(path, 'app')) {
    const fits = under(target, 'app', 'components', 'domain', 'messages', 'server/entry') || isAsked(target)
    return fits ? null : 'app reaches the server through entry, loaders and commands'
  }
  return null
}

function nounFault(path: string, noun: string, target: string): string | null {
  if (under(target, 'generated'))
    return isRepository(path) ? null : 'only a repository knows the database client'
  if (under(target, 'server/platform', 'domain', 'messages', `server/${noun}`)) return null
  // What is printed is drawn by the worker as well; it knows no browser.
  if (under(target, 'components/paper')) return null
  const other = nounOf(target)
  if (other === null) return `${noun} may not know ${target.split('/').slice(0, 2).join('/')}`
  if (!isAsked(target)) return `${other} is asked through its loaders and commands`
  return levelOf(other) < levelOf(noun) ? null : `${noun} may not ask ${other} (LEVELS)`
}

/** The product's own client sees nothing outside a scope: a test of a noun looks through its own. */
const looksPastScopes = (path: string, target: string, names: string): boolean =>
  target === 'server/platform/db.ts' &&
  /\b(db|transaction)\b/.test(names) &&
  !under(path, 'server/platform') &&
  !/^tests\/(db|database)\.ts$/.test(path)

function importFaults(source: Source): [number, string][] {
  const { path } = source
  const test = isTest(path)
  return importsOf(source).flatMap(({ line, target, own, names }): [number, string][] => {
    if (!own) {
      if (under(target, 'next-auth') && path !== NEXT_AUTH)
        return [[line, `next-auth is used in ${NEXT_AUTH} alone`]]
      if (under(path, 'domain') && !test && target !== 'zod')
        return [[line, 'domain needs no package but zod']]
      return []
    }
    if (test || under(path, 'tests'))
      return looksPastScopes(path, target, names) ? [[line, 'a test looks through tests/db.ts']] : []
    const fault = arrowFault(path, target)
    if (fault) return [[line, fault]]
    const raw =
      target === 'server/platform/db.ts' && /\b(db|Prisma)\b/.test(names) && under(path, 'server', 'app')
    if (raw && !isRepository(path) && !under(path, 'server/platform')) {
      return [[line, 'only a repository reads or writes the database']]
    }
    return []
  })
}

function nameFaults(path: string): string[] {
  const faults: string[] = []
  if (/(^|\/)index\.tsx?$/.test(path)) faults.push('no index files: import what you mean')
  if (/(^|[/-])(utils?|helpers?|common|misc)([/.-])/.test(path))
    faults.push('a name says what a thing is for')
  const noun = nounOf(path)
  if (noun === null) return faults
  const file = path.slice(`server/${noun}/`.length)
  if (levelOf(noun) < 0) faults.push(`the noun ${noun} has no place in LEVELS`)
  if (!isTest(path) && !NOUN_FILES.test(file) && !OWN_FILES[noun]?.includes(file)) {
    faults.push('a noun has loaders, commands, repository and jobs')
  }
  return faults
}

/** Everything in a file that the house does not allow, as `path:line: what: the line`. */
export function faultsOf(source: Source): string[] {
  const { path, text } = source
  const lines = text.split('\n')
  const faults: [number, string][] = nameFaults(path).map((fault) => [1, fault])
  faults.push(...importFaults(source))
  const server = under(path, 'server') && !isTest(path) && !/(server-only|\.d)\.ts$/.test(path)
  if (server && !/^import '#server-only'$/m.test(text)) faults.push([1, "it lacks import '#server-only'"])
  if (/^app\/.*\broute\.tsx?$/.test(path)) {
    lines.forEach((line, index) => {
      if (/^export (async )?function |^export const [A-Z]+ = (async )?\(/.test(line))
        faults.push([index + 1, 'a route handler is made by routeHandler (server/entry/route-handler.ts)'])
    })
  }
  if (/^['"]use client['"]/m.test(text)) {
    lines.forEach((line, index) => {
      if (/\buse(Translations|Messages|Formatter)\b/.test(line)) {
        faults.push([index + 1, 'words come to the browser as props'])
      }
    })
  }
  return faults.map(([line, fault]) => `${path}:${line}: ${fault}: ${lines[line - 1]?.trim() ?? ''}`)
}
