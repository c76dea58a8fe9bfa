import { dirname, join, normalize } from 'node:path'

/** One source file; `path` is relative to the project, with forward slashes. */
export interface Source {
  readonly path: string
  readonly text: string
}

/** The features in their order: each may use those before it. Add a new feature at its place. */
const FEATURES: readonly string[] = [
  ...[
    'audit',
    'installation',
    'lookup-tables',
    'areas',
    'push',
    'notices',
    'case-sessions',
    'disclosures',
    'approvals',
    'accounts',
  ],
  ...[
    'contact-codes',
    'evidence',
    'drafts',
    'exchange',
    'alerts',
    'hotlines',
    'first-hour',
    'citizens',
    'cases',
  ],
  ...['agencies', 'questionnaires', 'ratings', 'kiosks', 'results', 'city-report'],
  ...[
    'recovery',
    'privacy',
    'reporting',
    'check',
    'phones',
    'rehearsal',
    'disputes',
    'lateness',
    'statistics',
    'health',
    'papers',
    'retention',
    'tasks',
    'data-audit',
  ],
]
const levelOf = (feature: string): number => FEATURES.indexOf(feature)

/** The files of a feature's folder or of a concept in it: a role by name, a part of a page, a paper. */
const FEATURE_FILES =
  /^paper\/|^([\w-]+\/)?(([\w-]+-)?(rules|data|acts|jobs)\.ts|device(-\w+)?\.ts|[\w-]+\.tsx)$/
/** Further allowed files: work that is neither reading, writing nor a job. */
const OWN_FILES: Readonly<Record<string, readonly string[]>> = {
  audit: ['act.ts', 'files.ts'],
  'city-report': ['drawing.ts'],
  evidence: ['content.ts', 'files.ts', 'heic-decode.d.ts', 'pictures.ts', 'reading.ts'],
  exchange: ['drawing.ts'],
  notices: ['templates.ts'],
  papers: ['drawing.ts'],
}

const NEXT_AUTH = 'http/session.ts'
/** The module that makes the staff acts of every feature. */
const ACT = 'features/audit/act.ts'
const isTest = (path: string): boolean => /\.test\.tsx?$/.test(path)
const DATABASE = /^platform\/(db|deferred-writes|database-errors)\.ts$/
/** Returns whether a feature's file has this role by its name: `data.ts`, `admission-data.ts`. */
const hasRole = (path: string, role: 'rules' | 'data' | 'acts' | 'jobs'): boolean =>
  new RegExp(`^features/[\\w-]+/([\\w-]+/)?([\\w-]+-)?${role}\\.ts$`).test(path)
/** `data.ts` reads and writes the tables of its concept. Later features may use it. */
const isRepository = (path: string): boolean =>
  /^platform\/[\w-]+\/repository\.ts$/.test(path) || hasRole(path, 'data')
const isAsked = (path: string): boolean =>
  /^platform\/[\w-]+\/commands\.ts$/.test(path) ||
  hasRole(path, 'data') ||
  hasRole(path, 'acts') ||
  path === ACT
/**
 * Returns whether a file renders something, a component or a paper. `device.ts` counts too: it runs in a
 * browser, but shows nothing.
 */
const isDrawn = (path: string): boolean =>
  /^features\/([\w-]+\/(paper\/|([\w-]+\/)?[\w-]+\.tsx$)|(kiosks|ratings\/rating|reporting\/photo)\/device(-\w+)?\.ts$)/.test(
    path,
  )
const isRule = (path: string): boolean => /^lib\/|^features\/.*\.json$/.test(path) || hasRole(path, 'rules')
/** Returns whether a file runs only on the server. In a feature, this is everything but rules and drawn parts. */
const isServer = (path: string): boolean =>
  under(path, 'platform', 'http') || (under(path, 'features') && !isRule(path) && !isDrawn(path))
const featureOf = (path: string): string | null => /^features\/([^/]+)\//.exec(path)?.[1] ?? null

interface Import {
  readonly line: number
  /** Project path of our own files, package name of others. */
  readonly target: string
  readonly own: boolean
  readonly names: string
}

const IMPORT =
  /(?:^|\n)[^\S\n]*(?:import|export)\s([^'"`;]*?)\bfrom\s*['"]([^'"]+)['"]|(?<!['".])\bimport\s*\(?\s*['"]([^'"]+)['"]/g

/** Returns every import and re-export of a file, with the target's project path. */
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

/** Returns why a file at `path` may not import `names` from `target`; null if it may. */
function arrowFault(path: string, target: string, names: string): string | null {
  if (target === 'server-only') return null
  if (under(path, 'lib')) return under(target, 'lib') ? null : 'lib imports only lib'
  // A city's settings are data that every layer may read. The module itself prevents imports in the browser.
  if (target === 'cities/city.ts' && !under(path, 'components', 'tools/carriers')) return null
  if (isRule(path)) return isRule(target) ? null : 'rules import only rules and lib'
  if (under(path, 'components')) {
    return under(target, 'components', 'lib', 'messages')
      ? null
      : 'components import only components, lib and messages'
  }
  if (under(path, 'messages'))
    return under(target, 'messages') || isRule(target) ? null : 'messages import only rules and lib'
  if (under(path, 'platform')) {
    if (under(target, 'generated'))
      return DATABASE.test(path) || isRepository(path)
        ? null
        : 'platform knows the client in db.ts, deferred-writes.ts and database-errors.ts alone'
    return under(target, 'platform', 'messages') || isRule(target) ? null : 'platform knows nothing above it'
  }
  if (under(path, 'http')) {
    const fits = under(target, 'http', 'platform', 'messages') || isRule(target) || isAsked(target)
    return fits ? null : 'http asks features through their data and acts'
  }
  const feature = featureOf(path)
  if (feature !== null) return featureFault(path, feature, target, names)
  if (path === 'proxy.ts') {
    const fits = under(target, 'messages', 'http', 'platform/crypto.ts') || isRule(target)
    return fits ? null : 'proxy.ts asks the database nothing'
  }
  if (under(path, 'app')) {
    const fits =
      under(target, 'app', 'components', 'messages', 'http') ||
      isRule(target) ||
      isDrawn(target) ||
      isAsked(target)
    return fits ? null : 'app reaches the server through http, data and acts'
  }
  if (under(path, 'tools')) return toolFault(path, target)
  return null
}

/**
 * What each tool may use of the product besides rules, `lib` and prisma/. The demo carriers know only the public interface.
 * The demo city writes rows that otherwise only commands write, so it seals, hashes and names audit entries as they do.
 */
const KNOWN_TO_TOOLS: Readonly<Record<string, readonly string[]>> = {
  'tools/conformance': ['platform/webhook.ts', 'tools/carriers'],
  'tools/city': [
    'cities',
    'platform/env-schema.ts',
    'scripts/chromium.ts',
    'scripts/free-port.ts',
    'tools/demo-city/places.ts',
  ],
  'tools/gateways': ['scripts/process.ts'],
  'tools/witnesses': ['platform/signatures.ts'],
  'tools/load': [
    ...['platform/crypto.ts', 'platform/env.ts', 'tools/demo-city/people.ts'],
    ...['scripts/embedded.ts', 'scripts/migrate.ts', 'scripts/secrets.ts', 'scripts/start-lock.ts'],
  ],
  'tools/demo-city': [
    ...['crypto', 'env', 'password', 'scope', 'totp'].map((name) => `platform/${name}.ts`),
    ...['features/audit/entries/acts.ts', 'features/notices/acts.ts', 'features/statistics/jobs.ts'],
    ...['features/evidence/files.ts', 'features/cases/proof/data.ts'],
    ...[
      'features/accounts/factors/acts.ts',
      'features/alerts/receivers/data.ts',
      'features/exchange/keys/data.ts',
    ],
  ],
}

function toolFault(path: string, target: string): string | null {
  const tool = path.replace(/^(tools\/[\w-]+).*$/, '$1')
  if (
    under(target, tool, `${tool}.ts`, 'scripts/arguments.ts') ||
    under(target, ...(KNOWN_TO_TOOLS[tool] ?? []))
  )
    return null
  const isReference = tool !== 'tools/carriers' && (isRule(target) || under(target, 'generated', 'prisma'))
  return isReference ? null : `${tool} knows public interfaces, rules and prisma/ alone (KNOWN_TO_TOOLS)`
}

/** Returns whether an import has only types, which do not exist at run time. */
const bringsTypes = (names: string): boolean =>
  /^type\b/.test(names) ||
  names
    .replace(/[{}]/g, '')
    .split(',')
    .every((name) => name.trim() === '' || name.trim().startsWith('type '))

function featureFault(path: string, feature: string, target: string, names: string): string | null {
  if (isRule(target) || under(target, 'messages')) return null
  const other = featureOf(target)
  const higher =
    other !== null && levelOf(other) > levelOf(feature) ? `${feature} may not ask ${other} (FEATURES)` : null
  if (isDrawn(path)) {
    if (under(target, 'components')) return null
    if (isDrawn(target) || (hasRole(target, 'data') && bringsTypes(names))) return higher
    return 'components import only components, rules, lib, messages and types of data'
  }
  if (hasRole(path, 'data') && (hasRole(target, 'acts') || hasRole(target, 'jobs')))
    return 'data is asked by acts and jobs, and asks neither'
  if (hasRole(path, 'acts') && hasRole(target, 'jobs')) return 'a job asks acts, and no act asks a job'
  if (under(target, 'generated')) return isRepository(path) ? null : 'only data knows the database client'
  // The worker also draws papers for print, without a browser.
  if (under(target, 'platform', 'components/paper') || (other === feature && !isDrawn(target))) return null
  if (isDrawn(target)) return /\/paper\//.test(target) ? higher : 'data, acts and jobs draw nothing'
  if (other === null) return `${feature} may not know ${target.split('/').slice(0, 2).join('/')}`
  return isAsked(target) ? higher : `${other} is asked through its data and acts`
}

/** Returns whether a test reads data outside of its scope. The product's own client sees nothing without a scope. */
const looksPastScopes = (path: string, target: string, names: string): boolean =>
  target === 'platform/db.ts' &&
  /\b(db|transaction)\b/.test(names) &&
  !under(path, 'platform') &&
  !/^tests\/(db|database)\.ts$/.test(path)

function importFaults(source: Source): [number, string][] {
  const { path } = source
  const test = isTest(path)
  return importsOf(source).flatMap(({ line, target, own, names }): [number, string][] => {
    if (!own) {
      if (under(target, 'next-auth') && path !== NEXT_AUTH)
        return [[line, `next-auth is used in ${NEXT_AUTH} alone`]]
      if (isRule(path) && !test && target !== 'zod') return [[line, 'rules need no package but zod']]
      return []
    }
    if (test || under(path, 'tests'))
      return looksPastScopes(path, target, names) ? [[line, 'a test looks through tests/db.ts']] : []
    const fault = arrowFault(path, target, names)
    if (fault) return [[line, fault]]
    const raw =
      target === 'platform/db.ts' && /\b(db|Prisma)\b/.test(names) && under(path, 'features', 'http', 'app')
    if (raw && !isRepository(path)) {
      return [[line, 'only data reads or writes the database']]
    }
    return []
  })
}

function nameFaults(path: string): string[] {
  const faults: string[] = []
  if (/(^|\/)index\.tsx?$/.test(path)) faults.push('no index files: import what you mean')
  if (/(^|[/-])(utils?|helpers?|common|misc)([/.-])/.test(path))
    faults.push('a name says what a thing is for')
  const feature = featureOf(path)
  if (feature === null) return faults
  const file = path.slice(`features/${feature}/`.length)
  if (levelOf(feature) < 0) faults.push(`the feature ${feature} has no place in FEATURES`)
  if (!isTest(path) && !FEATURE_FILES.test(file) && !OWN_FILES[feature]?.includes(file)) {
    faults.push(
      'a feature and each concept in it have rules.ts, data.ts, acts.ts, jobs.ts, parts of pages and papers (ADR 117)',
    )
  }
  return faults
}

/** The files of the temporary block. In all other files, `hold` would be ambiguous: lock, legal hold, review. */
const OF_TEMPORARY_BLOCK = /^features\/cases\/(clocks|moves)\/rules\.ts$/
const HOLD = /^export (?:async )?(?:function|const) hold[A-Z]/

/** Lists every violation of our rules in a file, as `path:line: what: the line`. */
export function faultsOf(source: Source): string[] {
  const { path, text } = source
  const lines = text.split('\n')
  const faults: [number, string][] = nameFaults(path).map((fault) => [1, fault])
  faults.push(...importFaults(source))
  const server = isServer(path) && !isTest(path) && !/(server-only|\.d)\.ts$/.test(path)
  if (server && !/^import '#server-only'$/m.test(text)) faults.push([1, "it lacks import '#server-only'"])
  // An act takes its actor as an argument. So no import may run before this one and let the act into a browser bundle.
  if (!isTest(path) && hasRole(path, 'acts') && !text.startsWith("import '#server-only'\n"))
    faults.push([1, "acts begin with import '#server-only'"])
  if (/^app\/.*\broute\.tsx?$/.test(path)) {
    lines.forEach((line, index) => {
      if (/^export (async )?function |^export const [A-Z]+ = (async )?\(/.test(line))
        faults.push([index + 1, 'a route handler is made by routeHandler (http/route-handler.ts)'])
    })
  }
  if (!OF_TEMPORARY_BLOCK.test(path)) {
    lines.forEach((line, index) => {
      if (HOLD.test(line)) faults.push([index + 1, 'hold is the temporary block (CONTRIBUTING.md, Words)'])
    })
  }
  const actions = /^app\//.test(path) && /^['"]use server['"]/.test(text)
  lines.forEach((line, index) => {
    // If a file of actions exported an act, the act would be a public endpoint where the caller chooses the actor.
    if (
      actions &&
      /^export\b/.test(line) &&
      !/^export const \w+ = (staffForm|staffAction|citizenAction)\(/.test(line)
    )
      faults.push([index + 1, 'an action is made by staffForm, staffAction or citizenAction (http/)'])
    if (index > 0 && /^\s*['"]use server['"]/.test(line))
      faults.push([index + 1, 'an action stands in a file of actions and binds nothing (next.config.js)'])
  })
  lines.forEach((line, index) => {
    if (index > 0 && /^;?\(?['"]use client['"]/.test(line))
      faults.push([index + 1, 'a directive is the first line, or the build ends there'])
  })
  if (/^['"]use client['"]/m.test(text)) {
    lines.forEach((line, index) => {
      if (/\buse(Translations|Messages|Formatter)\b/.test(line)) {
        faults.push([index + 1, 'words come to the browser as props'])
      }
    })
  }
  return faults.map(([line, fault]) => `${path}:${line}: ${fault}: ${lines[line - 1]?.trim() ?? ''}`)
}
