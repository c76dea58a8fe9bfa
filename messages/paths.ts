import { defaultLocale, isLocale, type Locale, locales, type Pathname, routing } from './routing.ts'

type ParamNames<P extends string> = P extends `${string}[${infer Name}]${infer Rest}`
  ? Name | ParamNames<Rest>
  : never

type Extras = { readonly query?: Readonly<Record<string, string | undefined>>; readonly hash?: string }

type WithParams<P extends Pathname> = P extends Pathname
  ? [ParamNames<P>] extends [never]
    ? { readonly pathname: P } & Extras
    : { readonly pathname: P; readonly params: Readonly<Record<ParamNames<P>, string>> } & Extras
  : never

/** A page by its name, or with parameters, query and hash. */
export type Route =
  | { [P in Pathname]: [ParamNames<P>] extends [never] ? P : never }[Pathname]
  | WithParams<Pathname>

const template = (locale: Locale, pathname: Pathname): string => {
  const entry: string | Record<Locale, string> = routing.pathnames[pathname]
  return typeof entry === 'string' ? entry : entry[locale]
}

const withPrefix = (locale: Locale, path: string): string =>
  locale === defaultLocale ? path : `/${locale}${path === '/' ? '' : path}`

/** Returns the public path of a page in `locale`: `/ho-so/ABC-…` or `/en/track/ABC-…`. */
export function pathFor(locale: Locale, route: Route): string {
  const target: { pathname: Pathname; params?: Readonly<Record<string, string>> } & Extras =
    typeof route === 'string' ? { pathname: route } : route
  const path = template(locale, target.pathname).replace(/\[(\w+)\]/g, (_, name: string) =>
    encodeURIComponent(target.params?.[name] ?? ''),
  )
  const query = new URLSearchParams(
    Object.entries(target.query ?? {}).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  ).toString()
  return `${withPrefix(locale, path)}${query && `?${query}`}${target.hash ? `#${target.hash}` : ''}`
}

const sectionOf = (path: string): string => path.split('/', 2)[1] ?? ''

export function splitLocale(path: string): { locale: Locale; rest: string } {
  const first = sectionOf(path)
  if (!isLocale(first)) return { locale: defaultLocale, rest: path }
  return { locale: first, rest: path.slice(first.length + 1) || '/' }
}

const pages = Object.keys(routing.pathnames) as Pathname[]

const patterns: ReadonlyMap<
  string,
  readonly {
    readonly pathname: Pathname
    readonly pattern: RegExp
    /** The first part of the page's path in this language. */
    readonly section: string
  }[]
> = Map.groupBy(
  pages
    // A page with a fixed name wins over one with a parameter in its place: `/ho-so/moi` before `/ho-so/[number]`.
    .toSorted((a, b) => Number(a.includes('[')) - Number(b.includes('[')))
    .flatMap((pathname) =>
      [...new Set(locales.map((locale) => template(locale, pathname)))].map((path) => ({
        pathname,
        pattern: new RegExp(`^${path.replace(/\[\w+\]/g, '([^/]+)')}/?$`),
        section: sectionOf(path),
      })),
    ),
  ({ section }) => section,
)

interface Match {
  readonly pathname: Pathname
  /** The values of the parameters in their order, still escaped. */
  readonly values: readonly string[]
}

function matchOf(rest: string): Match | null {
  for (const { pathname, pattern } of patterns.get(sectionOf(rest)) ?? []) {
    const match = pattern.exec(rest)
    if (match) return { pathname, values: match.slice(1) }
  }
  return null
}

function fill(path: string, values: readonly string[]): string {
  let index = 0
  return path.replace(/\[\w+\]/g, () => values[index++] ?? '')
}

/** Finds the page of a path without language prefix, in either language; null if there is none. */
export const pageOf = (rest: string): Pathname | null => matchOf(rest)?.pathname ?? null

const written = (to: Locale, { pathname, values }: Match): string =>
  withPrefix(to, fill(template(to, pathname), values))

/** Returns the same page in another language, for the language switch; the home page for an unknown path. */
export function translatePath(path: string, to: Locale): string {
  const match = matchOf(splitLocale(path).rest)
  return match === null ? withPrefix(to, '/') : written(to, match)
}

export interface Located {
  readonly pathname: Pathname
  /** The canonical path: the page's name in its language, and no prefix for Vietnamese. */
  readonly canonical: string
  /** Its folder under `app/[locale]`, with the values from this path. */
  readonly folder: string
}

export function findPage(path: string): Located | null {
  const { locale, rest } = splitLocale(path)
  const match = matchOf(rest)
  if (match === null) return null
  const { pathname, values } = match
  const folder = `/${locale}${pathname === '/' ? '' : fill(pathname, values)}`
  return { pathname, canonical: written(locale, match), folder }
}

/** Returns a path that gets a 404, for a page whose record does not exist. */
export const missingPath = (locale: Locale): string => (locale === 'vi' ? '/khong-tim-thay' : '/en/not-found')
