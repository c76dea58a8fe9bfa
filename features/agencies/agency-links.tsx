import { Link } from '#components/ui/link.tsx'

interface AgencyLinksProps {
  readonly agencies: readonly { readonly id: string; readonly name: string; readonly note?: string }[]
  /** `side`: beside something wider. */
  readonly look?: 'wide' | 'side'
}

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

export interface Ward {
  readonly id: string
  readonly name: string
}

export function WardGroups({
  groups,
  others,
}: {
  readonly groups: readonly { readonly title: string; readonly wards: readonly Ward[] }[]
  readonly others: readonly Ward[]
}) {
  return (
    <ul className="grid grid-cols-1 items-start gap-2 sm:grid-cols-2">
      {groups.map(({ title, wards }) => (
        <li key={title} className="max-w-none">
          <details className="fold">
            <summary>
              {title} <span className="num text-soft">({wards.length})</span>
            </summary>
            <ul className="pb-2">
              {wards.map(({ id, name }) => (
                <li key={id} className="max-w-none">
                  <Link href={{ pathname: '/rate/[agency]', params: { agency: id } }} className="block py-2">
                    {name}
                  </Link>
                </li>
              ))}
            </ul>
          </details>
        </li>
      ))}
      {others.map(({ id, name }) => (
        <li key={id} className="max-w-none">
          <Link href={{ pathname: '/rate/[agency]', params: { agency: id } }} className="place">
            {name}
          </Link>
        </li>
      ))}
    </ul>
  )
}
