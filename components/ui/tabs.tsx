import type { Route } from '#messages/paths.ts'
import { Link } from './link.tsx'

export interface Tab {
  readonly key: string
  readonly href: Route
  readonly label: string
  /** A text if the count is not exact, such as `999+`. */
  readonly count?: number | string
  readonly current: boolean
}

/** Renders views of one page as links: a line of tabs, or pills where they would not fit a phone. */
export function Tabs({ label, tabs }: { readonly label: string; readonly tabs: readonly Tab[] }) {
  return (
    <nav
      aria-label={label}
      className="print-hidden flex flex-wrap gap-1 whitespace-nowrap md:gap-x-6 md:gap-y-0 md:border-b md:border-line"
    >
      {tabs.map(({ key, href, label: words, count, current }) => (
        <Link
          key={key}
          href={href}
          aria-current={current ? 'page' : undefined}
          className="border-line py-1.5 text-ink no-underline aria-[current]:border-teal aria-[current]:font-semibold aria-[current]:text-teal max-md:rounded-full max-md:border max-md:bg-card max-md:px-2 max-md:text-sm max-md:aria-[current]:bg-teal-wash max-md:aria-[current]:text-teal-deep md:border-b-3 md:border-transparent md:py-2.5 md:hover:border-line md:forced-colors:not-aria-[current]:border-b-0"
        >
          {words}
          {count === undefined ? null : <span className="num ml-1.5 text-sm text-soft">{count}</span>}
        </Link>
      ))}
    </nav>
  )
}
