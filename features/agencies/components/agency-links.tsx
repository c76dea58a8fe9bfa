import { Link } from '#components/ui/link.tsx'

export interface AgencyLinksProps {
  readonly agencies: readonly { readonly id: string; readonly name: string; readonly note?: string }[]
  /** `side`: beside something wider. */
  readonly look?: 'wide' | 'side'
}

/** Renders agencies, each as a link to its questionnaire. */
export function AgencyLinks({ agencies, look = 'wide' }: AgencyLinksProps) {
  const columns = look === 'wide' ? 'sm:grid-cols-2 lg:grid-cols-3' : 'sm:grid-cols-2 lg:grid-cols-1'
  return (
    <ul className={`grid grid-cols-1 gap-2 lg:gap-1.5 ${columns}`}>
      {agencies.map(({ id, name, note }) => (
        <li key={id} className="max-w-none">
          <Link
            href={{ pathname: '/rate/[agency]', params: { agency: id } }}
            className="place"
            data-suggestion={name}
            data-look={look === 'side' ? 'line' : undefined}
          >
            <span>
              {name}
              {note === undefined ? null : <small className="block text-soft">{note}</small>}
            </span>
          </Link>
        </li>
      ))}
    </ul>
  )
}
