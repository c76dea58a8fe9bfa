import { groupTelephone } from '#lib/telephone.ts'

/** Renders a number as a link that dials it. */
export function Telephone({ number }: { readonly number: string }) {
  return (
    <a className="num font-semibold" href={`tel:${number}`}>
      {groupTelephone(number)}
    </a>
  )
}
