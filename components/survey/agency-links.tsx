import { Link } from '#components/ui/link.tsx'

export interface AgencyLinksProps {
  readonly title: string
  readonly agencies: readonly { readonly id: string; readonly name: string }[]
}

/** One group of agencies, each a link to its questionnaire; nothing where there is none. */
export function AgencyLinks({ title, agencies }: AgencyLinksProps) {
  if (agencies.length === 0) return null
  return (
    <section className="stack">
      <h2>{title}</h2>
      <ul className="grid gap-2 sm:grid-cols-2 lg:grid-cols-3">
        {agencies.map(({ id, name }) => (
          <li key={id} className="max-w-none">
            <Link
              href={{ pathname: '/rate/[agency]', params: { agency: id } }}
              className="flex h-full min-h-13 items-center rounded-part border border-line bg-card px-4 py-2.5 text-ink no-underline hover:border-teal"
            >
              {name}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}
