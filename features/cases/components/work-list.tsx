import { getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import { Written } from '#components/ui/written.tsx'
import type { Instant } from '#lib/time.ts'
import { holdWaitsUntil } from '../rules/moves.ts'
import { DueInList, type DueProps } from './due.tsx'
import { ShortNumber } from './short-number.tsx'

/** A case that waits, as the narrow list has it. */
type WaitingCase = Pick<DueProps, 'dueAt'> &
  Parameters<typeof holdWaitsUntil>[0] & {
    readonly id: string
    readonly number: string
    readonly brand: string
    readonly model: string
    readonly told: { readonly name: string } | null
  }

export interface WorkListProps {
  /** Lists the cases that wait for the reader, the most urgent first. */
  readonly rows: readonly WaitingCase[]
  /** The case that is open. */
  readonly current: string
  readonly now: Instant
}

/** Renders what waits for the reader beside the case that they have open, as a narrow list to go through. */
export async function WorkList({ rows, current, now }: WorkListProps) {
  const t = await getTranslations('case-staff')
  return (
    <nav className="work-list print-hidden" aria-labelledby="work-list">
      <h2 id="work-list">
        {t('page.list')} <span className="num">{rows.length}</span>
      </h2>
      {rows.length === 0 ? <p className="text-soft">{t('page.list_empty')}</p> : null}
      <ol data-rows="">
        {rows.map((row) => (
          <li key={row.id}>
            <Link
              href={{ pathname: '/admin/cases/[number]', params: { number: row.number } }}
              data-row=""
              aria-current={row.number === current ? 'page' : undefined}
            >
              {row.told === null ? null : (
                <b className="block">
                  <Written>{row.told.name}</Written>
                </b>
              )}
              <span className="num block">
                <ShortNumber number={row.number} />
              </span>
              <span className="block">{`${row.brand} ${row.model}`.trim() || t(`state.${row.state}`)}</span>
              <DueInList {...row} holdWaitsUntil={holdWaitsUntil(row)} now={now} />
            </Link>
          </li>
        ))}
      </ol>
      <Link href="/admin/cases" className="work-list-all">
        {t('page.list_all')}
      </Link>
    </nav>
  )
}
