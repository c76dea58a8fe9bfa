import { readdirSync, readFileSync } from 'node:fs'
import { may, PERMISSIONS, type Permission, STAFF_ROLES } from '#lib/access/roles.ts'
import { ACTIONS, type Door, HANDLERS, PAGES } from './entries.ts'

/** Names a file of `app` as the table does: without the language, the groups and the name that all of its kind share. */
export const placeOf = (file: string): string =>
  file
    .replace(/^app(\/\[locale\])?/, '')
    .replaceAll(/\/\([^)]*\)/g, '')
    .replace(/(\/(page|route|actions))?(\.tsx?)?$/, '')

export const actionName = (file: string, name: string): string => `${placeOf(file).slice(1)} ${name}`

/** Every way in that the sources have, as the table names it, with the text it is written in. */
export function entriesInSources(): Record<'pages' | 'actions' | 'handlers', Map<string, string>> {
  const found = { pages: new Map(), actions: new Map(), handlers: new Map() }
  for (const name of readdirSync('app', { recursive: true, encoding: 'utf8' })) {
    const path = `app/${name.replaceAll('\\', '/')}`
    if (!/\.tsx?$/.test(path) || path.includes('.test.')) continue
    const text = readFileSync(path, 'utf8')
    if (/\/page\.tsx$/.test(path)) found.pages.set(placeOf(path) || '/', text)
    const named = [...text.matchAll(/^export (?:const|(?:async )?function) (\w+)/gm)].map(
      ([, one = '']) => one,
    )
    if (/^'use server'/m.test(text)) for (const one of named) found.actions.set(actionName(path, one), text)
    if (!/\/route\.tsx?$/.test(path)) continue
    for (const one of named.filter((one) => /^[A-Z]+$/.test(one)))
      found.handlers.set(`${one} ${placeOf(path)}`, text)
  }
  return found
}

const cell = (yes: boolean) => (yes ? '✓' : '')
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')

function whoOf(door: Door): string {
  if (!(PERMISSIONS as readonly string[]).includes(door)) return door
  const roles = STAFF_ROLES.filter((role) => may(role, door as Permission))
  return `\`${door}\`: ${roles.join(', ')}`
}

const entries = (what: string, rows: Readonly<Record<string, Door | readonly Door[]>>): string =>
  table(
    [what, 'who'],
    Object.entries(rows).map(([name, doors]) => [`\`${name}\``, [doors].flat().map(whoOf).join('; ')]),
  )

/** docs/permissions.md, whole. */
export const permissionsPage = (): string => `# Who may do what

Made from \`lib/access/roles.ts\` and \`tests/entries.ts\`: \`npx vitest run tests/permissions.test.ts -u\` writes it
again, and \`npm run check\` fails when it is old or an entry has no row. \`e2e/hostile/matrix.spec.ts\` takes every
entry from the build's own manifests, calls it as every role and as nobody, and compares.

A permission opens the door. Which cases, comments and files lie behind it is the scope of the account
(\`lib/access/scope.ts\`): an officer's own district, a viewer's own agency. Which decision is possible on which case, and
by whom, is \`features/cases/rules/moves/\`. Somebody without the permission sees a page as if it were missing.

## Roles

${table(
  ['permission', ...STAFF_ROLES],
  PERMISSIONS.map((one) => [`\`${one}\``, ...STAFF_ROLES.map((role) => cell(may(role, one)))]),
)}

## Pages

${entries('page (folder under `app/[locale]`)', PAGES)}

## Actions

${entries('action (folder and name)', ACTIONS)}

## Handlers

${entries('handler', HANDLERS)}
`
