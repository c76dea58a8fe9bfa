import { getTranslations } from 'next-intl/server'
import { PageHeader } from '#components/ui/page-header.tsx'
import { BankLines, SimLines } from '#features/hotlines/lines.tsx'
import { bankHotlines } from '#features/lookup-tables/data.ts'
import { findBanks } from '#features/lookup-tables/rules.ts'
import type { Access } from '#lib/access/access.ts'
import { titled } from '#messages/page-title.ts'

export const access = 'anybody' satisfies Access

export const generateMetadata = titled('hotlines', 'title')

export default async function HotlinesPage({ searchParams }: PageProps<'/[locale]/hotlines'>) {
  const [t, { q }, banks] = await Promise.all([getTranslations('hotlines'), searchParams, bankHotlines()])
  const query = typeof q === 'string' ? q.slice(0, 100) : ''
  const bankLines = <BankLines banks={findBanks(banks, query)} query={query} />
  return (
    <div className="stack-l">
      <PageHeader title={t('title')} lead={t('lead')} />
      {/* A person who searches for a bank sees it first. */}
      {query === '' ? <SimLines /> : bankLines}
      {query === '' ? bankLines : <SimLines />}
    </div>
  )
}
