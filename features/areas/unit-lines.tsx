import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { Icon, type IconName } from '#components/ui/icon.tsx'
import { Telephone } from '#components/ui/telephone.tsx'
import { Written } from '#components/ui/written.tsx'
import { mapLink, type UnitContact } from './rules.ts'

export interface UnitLinesProps {
  readonly unit: UnitContact
  /** The city's number, shown if the unit's own is unknown. */
  readonly hotline: string
}

/** Renders a police unit's address with a map link, its telephone number and its hours, as far as they are known. */
export async function UnitLines({ unit, hotline }: UnitLinesProps) {
  const t = await getTranslations('common.unit')
  const map = mapLink(unit)
  return (
    <address className="space-y-2.5 not-italic">
      {unit.address === undefined && map === null ? null : (
        <Line icon="pin">
          {unit.address === undefined ? null : (
            <span className="block whitespace-pre-line" data-unit-address>
              <Written>{unit.address}</Written>
            </span>
          )}
          {map === null ? null : (
            <a href={map} rel="noreferrer">
              {t('map')}
            </a>
          )}
        </Line>
      )}
      <Line icon="call">
        {unit.telephone === undefined ? (
          t.rich(unit.address === undefined ? 'unknown' : 'noTelephone', {
            call: () => <Telephone number={hotline} />,
          })
        ) : (
          <Telephone number={unit.telephone} />
        )}
      </Line>
      {unit.hours === undefined ? null : (
        <Line icon="clock">
          <span className="whitespace-pre-line">
            <Written>{unit.hours}</Written>
          </span>
        </Line>
      )}
    </address>
  )
}

function Line({ icon, children }: { readonly icon: IconName; readonly children: ReactNode }) {
  return (
    <div className="grid grid-cols-[1.5rem_minmax(0,1fr)] gap-x-2">
      <span className="mt-1 text-teal">
        <Icon name={icon} />
      </span>
      <span>{children}</span>
    </div>
  )
}
