import { getTranslations } from 'next-intl/server'
import { Details } from '#components/ui/details.tsx'
import { Time } from '#components/ui/time.tsx'
import { Written } from '#components/ui/written.tsx'
import type { Instant } from '#lib/time.ts'
import type { FileRecord } from '../file/rules.ts'
import type { FirstPerson } from '../moves/spec-rules.ts'
import type { FoundCheck, ProofCheck } from '../proof/rules.ts'
import type { DisclosureReason } from './rules.ts'

/** Renders the police who opened papers and contact, for their colleagues: by name, with the reason that they gave. */
export async function OpeningsList({
  openings,
  names,
  areas,
}: {
  readonly openings: readonly {
    readonly id: string
    readonly at: Instant
    readonly accountId: string
    readonly unitId: string | null
    readonly reason: DisclosureReason
    readonly note: string | null
  }[]
  readonly names: ReadonlyMap<string, string>
  readonly areas: ReadonlyMap<string, string>
}) {
  const t = await getTranslations('disclosure')
  if (openings.length === 0) return <p className="text-soft">{t('openings_none')}</p>
  return (
    <Details summary={t('openings')}>
      <ul className="space-y-2">
        {openings.map(({ id, at, accountId, unitId, reason, note }) => (
          <li key={id}>
            {[names.get(accountId), unitId && areas.get(unitId)].filter(Boolean).join(', ')}{' '}
            <span className="text-soft">
              <Time at={at} form="moment" />
            </span>
            <span className="block">{t('because', { reason: t(`reason.${reason}`) })}</span>
            {note === null ? null : (
              <span className="block wrap-anywhere whitespace-pre-line">
                <Written>{note}</Written>
              </span>
            )}
          </li>
        ))}
      </ul>
    </Details>
  )
}

interface SeenBeforeProps {
  readonly first: { readonly as: FirstPerson; readonly id: string | null }
  readonly openers: readonly { readonly accountId: string; readonly at: Instant }[]
  readonly names: ReadonlyMap<string, string>
  readonly checks: readonly FoundCheck[]
  readonly imeis: FileRecord['imeis']
}

const openedBy = (openers: SeenBeforeProps['openers'], id: string | null): boolean =>
  openers.some(({ accountId }) => accountId === id)

/** Warns a second person that the first one has not opened the papers, or that nobody has. */
export async function NotSeenBefore({ first, openers }: Pick<SeenBeforeProps, 'first' | 'openers'>) {
  const t = await getTranslations('disclosure.seen')
  if (openedBy(openers, first.id)) return null
  return (
    <p className="text-sm font-semibold text-saffron-deep">
      {t(`${openers.length === 0 ? 'nobody' : 'not_first'}.${first.as}`)}
    </p>
  )
}

/** Renders for a second person the findings of the first one, and when that person opened the papers. */
export async function SeenBefore({ first, openers, names, checks, imeis }: SeenBeforeProps) {
  const found = checks.find(({ accountId }) => accountId === first.id)
  const t = await getTranslations('disclosure.seen')
  return (
    <div className="seen-before" data-seen-before={openers.length}>
      {found ? (
        <>
          <p className="font-semibold">{t(`found.${first.as}`)}</p>
          <FoundOnProof check={found.check} imeis={imeis} />
        </>
      ) : (
        openers.map(({ accountId, at }) => (
          <p key={accountId}>
            {t('opened')} {names.get(accountId)} <Time at={at} form="stamp" />
          </p>
        ))
      )}
    </div>
  )
}

async function FoundOnProof({
  check,
  imeis,
}: {
  readonly check: ProofCheck
  readonly imeis: FileRecord['imeis']
}) {
  const t = await getTranslations('case-staff.check')
  const placed = check.imeis
    .map((one) => ({ ...one, at: imeis.findIndex(({ key14 }) => key14 === one.key14) }))
    .toSorted((a, b) => a.at - b.at)
  const found = [
    ...placed.map(({ key14, answer: value, at }) => {
      const short = at < 0 ? t('checkImei.gone') : t('checkImei.short', { place: at + 1 })
      return { key: key14, short, value, said: t(`checkImei.${value}`) }
    }),
    {
      key: 'name',
      short: t('checkName.short'),
      value: check.checkName,
      said: t(`checkName.${check.checkName}`),
    },
    {
      key: 'device',
      short: t('checkDevice.short'),
      value: check.checkDevice,
      said: t(`checkDevice.${check.checkDevice}`),
    },
  ]
  return (
    <ul className="flex flex-wrap gap-x-3" data-check={found.map(({ value }) => value).join(' ')}>
      {found.map(({ key, short, value, said }) => (
        <li key={key} className={value === 'no' ? 'font-semibold text-saffron-deep' : undefined}>
          {short}: {said}
        </li>
      ))}
    </ul>
  )
}
