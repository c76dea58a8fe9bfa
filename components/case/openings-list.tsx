import { getTranslations } from 'next-intl/server'
import { Details } from '#components/ui/details.tsx'
import { Time } from '#components/ui/time.tsx'
import type { DisclosureReason } from '#domain/case/disclosure.ts'
import type { Instant } from '#domain/time.ts'

export interface OpeningsListProps {
  readonly openings: readonly {
    readonly id: string
    readonly at: Instant
    readonly accountId: string
    readonly areaId: string | null
    readonly reason: DisclosureReason
    readonly note: string | null
  }[]
  readonly names: ReadonlyMap<string, string>
  readonly areas: ReadonlyMap<string, string>
}

/** Who of the police opened papers and contact, for their colleagues: by name and in their words. */
export async function OpeningsList({ openings, names, areas }: OpeningsListProps) {
  const t = await getTranslations('disclosure')
  if (openings.length === 0) return null
  return (
    <Details summary={t('openings')}>
      <ul className="space-y-2">
        {openings.map(({ id, at, accountId, areaId, reason, note }) => (
          <li key={id}>
            {[names.get(accountId), areaId && areas.get(areaId)].filter(Boolean).join(', ')}{' '}
            <span className="text-soft">
              <Time at={at} form="moment" />
            </span>
            <span className="block">{t('because', { reason: t(`reason.${reason}`) })}</span>
            {note === null ? null : <span className="block wrap-anywhere whitespace-pre-line">{note}</span>}
          </li>
        ))}
      </ul>
    </Details>
  )
}
