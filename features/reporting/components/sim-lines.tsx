import { getTranslations } from 'next-intl/server'
import { hotlines } from '#features/exchange/rules/hotlines.ts'

/** 18001091 as 1800 1091; short numbers as they are. */
const grouped = (number: string): string =>
  number.length > 4 ? `${number.slice(0, 4)} ${number.slice(4)}` : number

/** Renders each carrier's numbers to lock a SIM, as links that dial. */
export async function SimLines() {
  const t = await getTranslations('home.lines')
  return (
    <section id="sim" aria-labelledby="sim-title" className="stack">
      <h2 id="sim-title">{t('title')}</h2>
      <p>{t('text')}</p>
      <ul className="grid gap-3 sm:grid-cols-2 lg:grid-cols-5">
        {hotlines.map(({ carrier, name, numbers }) => (
          <li key={carrier} className="rounded-part border border-line bg-card px-4 py-3">
            <b className="block">{name}</b>
            {numbers.map((number) => (
              <a
                key={number}
                className="num mr-4 inline-block py-1 text-lg font-semibold"
                href={`tel:${number}`}
              >
                {grouped(number)}
              </a>
            ))}
          </li>
        ))}
      </ul>
      <p className="text-sm text-soft">{t('short')}</p>
    </section>
  )
}
