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

Generated from \`lib/access/roles.ts\`, the \`access\` that each page and handler exports, and the list of actions in \`tests/entries.ts\`:
\`npx vitest run --project unit tests/permissions -u\` writes it. \`npm run check\` fails when it is out of date, or when an entry does
not declare who may use it. \`e2e/hostile/matrix.spec.ts\` calls every entry of the build over HTTP, with and without permission
(\`npm run test:full\`: as every role), and compares.

A permission allows an act. The account's scope (\`lib/access/scope.ts\`) says for which cases, comments and files: an officer's own
unit, a viewer's own agency. \`features/cases/moves/\` decides which person may make which decision on which case. A person without
the permission gets the same answer as for a page that does not exist.

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
