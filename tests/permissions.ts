import type { Access } from '#lib/access/access.ts'
import { may, PERMISSIONS, type Permission, STAFF_ROLES } from '#lib/access/roles.ts'
import { ACTIONS, HANDLERS, PAGES, placeOf, sourcesOfApp } from './entries.ts'

export const actionName = (file: string, name: string): string => `${placeOf(file).slice(1)} ${name}`

/** Returns the source text of every action, by the name of its row. */
export const actionsInSources = (): ReadonlyMap<string, string> =>
  new Map(
    sourcesOfApp()
      .filter(([, text]) => /^'use server'/m.test(text))
      .flatMap(([path, text]) =>
        [...text.matchAll(/^export (?:const|(?:async )?function) (\w+)/gm)].map(
          ([, name = '']) => [actionName(path, name), text] as const,
        ),
      ),
  )

const cell = (yes: boolean) => (yes ? '✓' : '')
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')

function whoOf(door: Access): string {
  if (!(PERMISSIONS as readonly string[]).includes(door)) return door
  const roles = STAFF_ROLES.filter((role) => may(role, door as Permission))
  return `\`${door}\`: ${roles.join(', ')}`
}

const entries = (what: string, rows: Readonly<Record<string, Access | readonly Access[]>>): string =>
  table(
    [what, 'who'],
    Object.entries(rows)
      .toSorted(([one], [other]) => one.localeCompare(other))
      .map(([name, doors]) => [`\`${name}\``, [doors].flat().map(whoOf).join('; ')]),
  )

export const permissionsPage = (): string => `# Who may do what

Made from \`lib/access/roles.ts\`, what each page and handler exports as \`access\`, and the list of actions in \`tests/entries.ts\`: \`npx vitest run tests/permissions.test.ts -u\` writes it
again, and \`npm run check\` fails when it is old or an entry does not say who may come in. \`e2e/hostile/matrix.spec.ts\` takes every
entry from the build's own manifests, calls it as every role and as nobody, and compares.

A permission opens the door. Which cases, comments and files lie behind it is the scope of the account
(\`lib/access/scope.ts\`): an officer's own unit, a viewer's own agency. Which decision is possible on which case, and
by whom, is \`features/cases/moves/\`. Somebody without the permission sees a page as if it were missing.

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
