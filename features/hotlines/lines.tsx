import { getLocale, getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { CITY } from '#cities/city.ts'
import { Button } from '#components/ui/button.tsx'
import { Details } from '#components/ui/details.tsx'
import { Link } from '#components/ui/link.tsx'
import { Telephone } from '#components/ui/telephone.tsx'
import type { Bank } from '#features/lookup-tables/rules.ts'
import { formatDate } from '#messages/dates.ts'
import { pathFor } from '#messages/paths.ts'

/** `cards` over a page's width, `rows` in a narrow column. */
type LinesLook = 'cards' | 'rows'

export function Lines({ look, children }: { readonly look: LinesLook; readonly children: ReactNode }) {
  return (
    <ul
      className={
        look === 'cards'
          ? 'grid grid-cols-[repeat(auto-fill,minmax(min(100%,12rem),1fr))] gap-3'
          : 'list-none divide-y divide-line border-y border-line'
      }
    >
      {children}
    </ul>
  )
}

interface LineProps {
  readonly look: LinesLook
  readonly name: string
  /** The numbers, each a link. */
  readonly children: ReactNode
  readonly note?: ReactNode
  readonly id?: string
}

export function Line({ look, name, children, note, id }: LineProps) {
  return (
    <li
      className={
        look === 'cards'
          ? 'rounded-part border border-line bg-card px-4 py-3'
          : 'flex max-w-none flex-wrap justify-between gap-x-4 py-2'
      }
      data-hotline={id}
    >
      <b className="block">{name}</b>
      <span className="flex flex-wrap gap-x-4 gap-y-1">{children}</span>
      {note === undefined ? null : <span className="block w-full text-xs text-soft">{note}</span>}
    </li>
  )
}

interface BankLinesProps {
  /** The banks to show, the largest first. */
  readonly banks: readonly Bank[]
  readonly look?: LinesLook
  readonly query?: string
}

const host = (url: string): string => new URL(url).hostname.replace(/^www\./, '')

/**
 * Renders the numbers on which banks and wallets lock an account, each with its source, and a search over all of them. Without a
 * known number it shows the bank's own site: a wrong number costs the first half hour.
 */
export async function BankLines({ banks, look = 'cards', query = '' }: BankLinesProps) {
  const [t, locale] = await Promise.all([getTranslations('hotlines.banks'), getLocale()])
  const note = ({ source, asOf }: Bank) =>
    source === null
      ? undefined
      : t.rich(source.by, {
          host: host(source.url),
          date: formatDate(locale, asOf),
          link: (chunks) => (
            <a href={source.url} rel="noreferrer" className="text-inherit">
              {chunks}
            </a>
          ),
        })
  return (
    <section id="banks" aria-labelledby="banks-title" className="stack">
      <h2 id="banks-title" className={look === 'rows' ? 'text-base' : undefined}>
        {t('title')}
      </h2>
      <p className={look === 'rows' ? 'text-sm' : undefined}>{t('text')}</p>
      <BankSearch query={query} />
      {banks.length === 0 ? <p>{t('none', { query })}</p> : null}
      <Lines look={look}>
        {banks.map((bank) => (
          <Line key={bank.id} id={bank.id} name={bank.name} look={look} note={note(bank)}>
            {bank.numbers.length === 0 ? (
              <a href={bank.site} rel="noreferrer">
                {t('site', { host: host(bank.site) })}
              </a>
            ) : (
              bank.numbers.map((number) => <Telephone key={number} number={number} />)
            )}
          </Line>
        ))}
      </Lines>
      <p className="text-sm text-soft">{t('card')}</p>
    </section>
  )
}

async function BankSearch({ query = '' }: { readonly query?: string }) {
  const [t, locale] = await Promise.all([getTranslations('hotlines.banks'), getLocale()])
  return (
    <search>
      <form action={pathFor(locale, '/hotlines')} method="get" className="field">
        <label htmlFor="bank">{t('search')}</label>
        <div className="flex gap-2">
          <input
            className="control"
            id="bank"
            name="q"
            type="search"
            defaultValue={query}
            autoComplete="off"
          />
          <Button look="quiet">{t('find')}</Button>
        </div>
      </form>
    </search>
  )
}

/** Banks shown on pages that are not about banks. */
const FEW_BANKS = 8

const toCall = (banks: readonly Bank[]): readonly Bank[] =>
  banks.filter(({ numbers }) => numbers.length > 0).slice(0, FEW_BANKS)

/** Renders the largest banks with a known number, folded, and a link to all others. */
export async function BankFold({
  banks,
  inForm = false,
}: Pick<BankLinesProps, 'banks'> & {
  /** Inside a form there is no search: its own form would end the outer one. */
  readonly inForm?: boolean
}) {
  const t = await getTranslations('hotlines.banks')
  return (
    <Details summary={t('fold')}>
      <p className="text-sm text-soft">{t('cardShort')}</p>
      <Lines look="rows">
        {toCall(banks).map(({ id, name, numbers }) => (
          <Line key={id} id={id} name={name} look="rows">
            {numbers.map((number) => (
              <Telephone key={number} number={number} />
            ))}
          </Line>
        ))}
      </Lines>
      {inForm ? null : <BankSearch />}
      <p>
        <Link href="/hotlines">{t('all')}</Link>
      </p>
    </Details>
  )
}

export function CallLines({
  banks,
  first = null,
}: {
  readonly banks: readonly Bank[]
  /** The carrier to call first; null if the number in the phone is unknown. */
  readonly first?: string | null
}) {
  return (
    <div className="stack-l">
      <SimLines look="rows" first={first} />
      <BankLines look="rows" banks={toCall(banks)} />
    </div>
  )
}

/**
 * Renders the city's number as a sentence, for pages that may name no police unit: it would reveal where a phone was reported.
 */
export async function CityLine({ hotline }: { readonly hotline: string }) {
  const t = await getTranslations('hotlines')
  return <p>{t.rich('city', { call: () => <Telephone number={hotline} /> })}</p>
}

export async function SimLines({
  look = 'cards',
  first = null,
}: {
  readonly look?: LinesLook
  readonly first?: string | null
}) {
  const t = await getTranslations('hotlines.sim')
  return (
    <section id="sim" aria-labelledby="sim-title" className="stack">
      <h2 id="sim-title" className={look === 'rows' ? 'text-base' : undefined}>
        {t('title')}
      </h2>
      <p className={look === 'rows' ? 'text-sm' : undefined}>{t('text')}</p>
      <SimNumbers look={look} first={first} />
      <p className="text-sm text-soft">{t('short')}</p>
    </section>
  )
}

export async function SimFold() {
  const t = await getTranslations('hotlines.sim')
  return (
    <Details summary={t('fold', { count: CITY.carriers.length })}>
      <SimNumbers look="rows" />
      <p className="text-sm text-soft">{t('short')}</p>
    </Details>
  )
}

const SimNumbers = ({ look, first = null }: { readonly look: LinesLook; readonly first?: string | null }) => (
  <Lines look={look}>
    {[
      ...CITY.carriers.filter(({ id }) => id === first),
      ...CITY.carriers.filter(({ id }) => id !== first),
    ].map(({ id, name, hotlines }) => (
      <Line key={id} name={name} look={look}>
        {hotlines.map((number) => (
          <Telephone key={number} number={number} />
        ))}
      </Line>
    ))}
  </Lines>
)
