import { getFormatter } from 'next-intl/server'
import { FigureList, type ListedFigure } from './figure-list.tsx'

export async function Figures({ items }: { readonly items: readonly ListedFigure[] }) {
  const format = await getFormatter()
  const written = items.map((item) =>
    typeof item.value === 'number' ? { ...item, value: format.number(item.value) } : item,
  )
  return <FigureList items={written} />
}
