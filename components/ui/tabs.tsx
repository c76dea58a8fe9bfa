import type { Route } from '#messages/paths.ts'
import { Link } from './link.tsx'

export interface Tab {
  readonly key: string
  readonly href: Route
  readonly label: string
  readonly count?: number
  readonly current: boolean
}

/** Views of one page, as links. */
export function Tabs({ label, tabs }: { readonly label: string; readonly tabs: readonly Tab[] }) {
  return (
    <nav
      aria-label={label}
      className="print-hidden flex gap-x-6 overflow-x-auto border-b border-line whitespace-nowrap"
    >
      {tabs.map(({ key, href, label: words, count, current }) => (
        <Link
          key={key}
          href={href}
          aria-current={current ? 'page' : undefined}
          className="border-b-3 border-transparent forced-colors:not-aria-[current]:border-b-0 py-2.5 text-ink no-underline hover:border-line aria-[current]:border-teal aria-[current]:font-semibold aria-[current]:text-teal"
        >
          {words}
          {count === undefined ? null : <span className="num ml-1.5 text-[0.85rem] text-soft">{count}</span>}
        </Link>
      ))}
    </nav>
  )
}
