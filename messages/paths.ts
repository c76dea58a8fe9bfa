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

/** A page with no parameter by its name alone; otherwise with its parameters, query and hash. */
export type Route =
  | { [P in Pathname]: [ParamNames<P>] extends [never] ? P : never }[Pathname]
  | WithParams<Pathname>

const template = (locale: Locale, pathname: Pathname): string => {
  const entry: string | Record<Locale, string> = routing.pathnames[pathname]
  return typeof entry === 'string' ? entry : entry[locale]
}

const withPrefix = (locale: Locale, path: string): string =>
  locale === defaultLocale ? path : `/${locale}${path === '/' ? '' : path}`

/** The path of a page as people see it in `locale`: `/ho-so/HCM-…` or `/en/track/HCM-…`. */
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

/** The language a path is in, and the path without its language prefix. */
export function splitLocale(path: string): { locale: Locale; rest: string } {
  const first = path.split('/', 2)[1] ?? ''
  if (!isLocale(first)) return { locale: defaultLocale, rest: path }
  return { locale: first, rest: path.slice(first.length + 1) || '/' }
}

type Pattern = { readonly pathname: Pathname; readonly pattern: RegExp }

const pages = Object.keys(routing.pathnames) as Pathname[]

const patterns: readonly Pattern[] = pages
  // A page with a fixed name wins over one with a parameter in its place: `/ho-so/moi` before `/ho-so/[number]`.
  .toSorted((a, b) => Number(a.includes('[')) - Number(b.includes('[')))
  .flatMap((pathname) =>
    [...new Set(locales.map((locale) => template(locale, pathname)))].map((path) => ({
      pathname,
      pattern: new RegExp(`^${path.replace(/\[\w+\]/g, '([^/]+)')}/?$`),
    })),
  )

/** Which page a path without language prefix means, in either language's writing; null when there is none. */
export function pageOf(rest: string): Pathname | null {
  return patterns.find(({ pattern }) => pattern.test(rest))?.pathname ?? null
}

/** The same page in another language, for the language switch; the home page when the path is no page. */
export function translatePath(path: string, to: Locale): string {
  const { rest } = splitLocale(path)
  const pathname = pageOf(rest)
  if (pathname === null) return withPrefix(to, '/')
  const match = patterns.find((entry) => entry.pathname === pathname && entry.pattern.test(rest))
  const values = match?.pattern.exec(rest)?.slice(1) ?? []
  let index = 0
  return withPrefix(
    to,
    template(to, pathname).replace(/\[\w+\]/g, () => values[index++] ?? ''),
  )
}

/** Where a page sends its reader when the record it was asked for is not there: a path the proxy answers 404. */
export const missingPath = (locale: Locale): string => (locale === 'vi' ? '/khong-tim-thay' : '/en/not-found')
