import { groupTelephone } from '#lib/telephone.ts'

export function Telephone({ number }: { readonly number: string }) {
  return (
    <a className="num font-semibold" href={`tel:${number}`}>
      {groupTelephone(number)}
    </a>
  )
}
