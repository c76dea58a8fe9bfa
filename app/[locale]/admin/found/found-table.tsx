import { getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import { imeiGroups, Num } from '#components/ui/num.tsx'
import { Table } from '#components/ui/table.tsx'
import { Tag, type Tone } from '#components/ui/tag.tsx'
import { Time } from '#components/ui/time.tsx'
import type { FoundRecord } from '#features/cases/found/page-data.ts'
import type { FoundState } from '#features/cases/found/rules.ts'

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

export async function FoundTable({ phones }: { readonly phones: readonly FoundRecord[] }) {
  const t = await getTranslations('found')
  return (
    <Table
      caption={t('list')}
      columns={[
        {
          head: t('scan'),
          cell: (phone) => (
            <Link href={{ pathname: '/admin/found/[phone]', params: { phone: phone.id } }}>
              <Num value={phone.imei} groups={imeiGroups} />
            </Link>
          ),
        },
        { head: t('state'), cell: (phone) => <FoundTag state={phone.state} /> },
        {
          head: t('case'),
          cell: (phone) => (phone.case ? <span className="num">{phone.case.number}</span> : null),
        },
        { head: t('foundOn'), cell: (phone) => <Time at={phone.foundOn} form="date" /> },
        { head: t('custody'), cell: (phone) => phone.custody },
      ]}
      rows={phones}
      keyOf={(phone) => phone.id}
      marks={(phone) => ({ 'data-found': phone.imei, 'data-found-state': phone.state })}
    />
  )
}
