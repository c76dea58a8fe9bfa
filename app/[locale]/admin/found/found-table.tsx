import { getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import { imeiGroups, Num } from '#components/ui/num.tsx'
import { Table } from '#components/ui/table.tsx'
import { Tag, type Tone } from '#components/ui/tag.tsx'
import { Time } from '#components/ui/time.tsx'
import type { FoundRecord } from '#features/cases/queries/found.ts'
import type { FoundState } from '#features/cases/rules/found/phone.ts'

const TONES: Readonly<Record<FoundState, Tone>> = {
  found: 'plain',
  matched: 'wait',
  returned: 'ok',
  unclaimed: 'plain',
}

export async function FoundTag({ state }: { readonly state: FoundState }) {
  const t = await getTranslations('found.states')
  return <Tag tone={TONES[state]}>{t(state)}</Tag>
}

/** Renders the phones that police keep, the newest first. */
export async function FoundTable({ phones }: { readonly phones: readonly FoundRecord[] }) {
  const t = await getTranslations('found')
  return (
    <Table
      caption={t('list')}
      columns={[
        { key: 'imei', label: t('scan') },
        { key: 'state', label: t('state') },
        { key: 'case', label: t('case') },
        { key: 'foundOn', label: t('foundOn') },
        { key: 'custody', label: t('custody') },
      ]}
      rows={phones.map((phone) => ({
        key: phone.id,
        marks: { 'data-found': phone.imei, 'data-found-state': phone.state },
        cells: {
          imei: (
            <Link href={{ pathname: '/admin/found/[phone]', params: { phone: phone.id } }}>
              <Num value={phone.imei} groups={imeiGroups} />
            </Link>
          ),
          state: <FoundTag state={phone.state} />,
          case: phone.case ? <span className="num">{phone.case.number}</span> : null,
          foundOn: <Time at={phone.foundOn} form="date" />,
          custody: phone.custody,
        },
      }))}
    />
  )
}
