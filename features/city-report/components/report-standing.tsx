import { getLocale, getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import type { Withdrawal } from '#features/ratings/replies/rules.ts'
import { WithdrawnReason } from '#features/ratings/replies/withdrawn.tsx'
import type { Instant } from '#lib/time.ts'
import { formatInstant } from '#messages/dates.ts'

interface OtherReport {
  readonly sha256: string
  readonly publishedAt: Instant
}

export interface StandingOf {
  readonly publishedAt: Instant | null
  readonly withdrawn: Withdrawal | null
  readonly replaces: OtherReport | null
  readonly replacedBy: OtherReport | null
}

interface Props {
  readonly report: StandingOf
  /** True when the reader can still download the report's files. */
  readonly staff?: boolean
}

/**
 * Shows what became of a published report: whether it was withdrawn, when and why, which report it replaces, and which
 * replaces it.
 */
export async function ReportStanding({ report, staff = false }: Props) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('survey-withdrawal.report')])
  const { publishedAt, withdrawn, replaces, replacedBy } = report
  const day = (at: Instant) => formatInstant(locale, at, 'date')
  const other = ({ sha256, publishedAt }: OtherReport, key: 'replaces' | 'replacedBy') => (
    <p>
      <Link href={{ pathname: '/verify', query: { report: sha256 } }}>
        {t(key, { date: day(publishedAt) })}
      </Link>
    </p>
  )
  return (
    <>
      {withdrawn === null || publishedAt === null ? null : (
        <>
          <p>
            {t(staff ? 'goneForOthers' : 'gone', {
              published: day(publishedAt),
              withdrawn: day(withdrawn.at),
            })}
          </p>
          <WithdrawnReason reason={withdrawn} />
        </>
      )}
      {replacedBy === null ? null : other(replacedBy, 'replacedBy')}
      {replaces === null ? null : other(replaces, 'replaces')}
    </>
  )
}
