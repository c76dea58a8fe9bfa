import { readFileSync } from 'node:fs'
import { placeOf } from '#tests/entries.ts'
import { actionName } from '#tests/permissions.ts'

const manifest = (name: string) => JSON.parse(readFileSync(`.next/server/${name}.json`, 'utf8'))

/** Returns the build's own list of pages and route handlers, named as in the table of entries. */
export function served(): { readonly pages: readonly string[]; readonly routes: readonly string[] } {
  const files = Object.values<string>(manifest('app-paths-manifest')).map((file) =>
    file.replace(/\.js$/, '.ts'),
  )
  const places = (kind: string) => files.filter((file) => file.endsWith(`/${kind}.ts`)).map(placeOf)
  // Next's own two pages are shown for addresses without a page.
  const pages = places('page').filter((page) => !page.startsWith('/_'))
  return { pages: pages.map((page) => page || '/'), routes: places('route') }
}

export interface BuiltAction {
  readonly name: string
  readonly id: string
  /** A page that uses the action. */
  readonly page: string
}

interface Reference {
  readonly filename: string
  readonly exportedName: string
  readonly workers: Readonly<Record<string, unknown>>
}

export const builtActions = (): BuiltAction[] =>
  Object.entries<Reference>(manifest('server-reference-manifest').node).map(
    ([id, { filename, exportedName, workers }]) => ({
      id,
      name: actionName(filename, exportedName),
      page: placeOf(`${Object.keys(workers)[0]}.tsx`) || '/',
    }),
  )
