import { Link } from '#components/ui/link.tsx'

export interface Ward {
  readonly id: string
  readonly name: string
}

export interface WardGroupsProps {
  /** The wards by the former district that they were drawn from, in the order of districts. */
  readonly groups: readonly { readonly title: string; readonly wards: readonly Ward[] }[]
  /** The wards that were drawn from no former district. */
  readonly others: readonly Ward[]
}

/** Renders many wards, folded by the district that people still know them by. */
export function WardGroups({ groups, others }: WardGroupsProps) {
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
