import type { Metadata } from 'next'
import { getLocale, getTranslations } from 'next-intl/server'
import { Icon } from '#components/ui/icon.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { SummaryList } from '#components/ui/summary-list.tsx'
import { Time } from '#components/ui/time.tsx'
import { peopleOf } from '#features/accounts/data.ts'
import { readEntryWithProof, type SealedEntry } from '#features/audit/proofs/data.ts'
import type { EntryProof } from '#features/audit/proofs/rules.ts'
import { notFoundPage } from '#http/not-found-page.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { toBase64 } from '#lib/transparency/base64.ts'
import { logWords } from '#messages/log-words.ts'
import { Act, EntryActor, EntryFacts } from '../../entry-table.tsx'

export const access = 'audit:read' satisfies Access

export async function generateMetadata({
  params,
}: PageProps<'/[locale]/admin/audit/entries/[entry]'>): Promise<Metadata> {
  return { title: (await getTranslations('audit.entry'))('title', { id: (await params).entry }) }
}

export default async function EntryPage({ params }: PageProps<'/[locale]/admin/audit/entries/[entry]'>) {
  const staff = await requireStaff(access)
  const { entry: id } = await params
  const found = /^\d{1,18}$/.test(id) ? await readEntryWithProof(staff, BigInt(id)) : null
  if (found === null) notFoundPage(await getLocale())
  const [t, words] = await Promise.all([getTranslations('audit.entry'), getTranslations('audit')])
  const { entry, proof } = found
  return (
    <div className="stack-l">
      <p>
        <Link href="/admin/audit">{words('all')}</Link>
      </p>
      <PageHeader title={t('title', { id })} />
      {proof === null ? (
        <Notice tone="wait">{t('waits')}</Notice>
      ) : (
        <p className="actions">
          <a className="button" href={`/api/audit/entries/${id}`} download data-audit-proof>
            <Icon name="download" />
            {t('download')}
          </a>
        </p>
      )}
      <section className="stack">
        <h2>{t('fields')}</h2>
        <Fields entry={entry} />
      </section>
      {proof === null ? null : <Proof proof={proof} leafHash={entry.leafHash} />}
    </div>
  )
}

async function Fields({ entry }: { readonly entry: SealedEntry }) {
  const [t, words, log, people] = await Promise.all([
    getTranslations('audit.entry'),
    getTranslations('audit'),
    logWords(),
    peopleOf(entry.actorId === null ? [] : [entry.actorId]),
  ])
  const rows = [
    { key: 'at', term: words('at'), value: <Time at={entry.at} /> },
    { key: 'act', term: words('act'), value: <Act code={entry.act} words={log.act(entry.act)} /> },
    {
      key: 'actor',
      term: words('actor'),
      value: <EntryActor entry={entry} person={people.get(entry.actorId ?? '')} />,
    },
    { key: 'subject', term: words('subject'), value: `${log.noun(entry.subjectKind)} ${entry.subjectId}` },
    { key: 'case', term: t('case'), value: entry.caseId },
    {
      key: 'facts',
      term: words('facts'),
      value: hasFacts(entry.facts) && <EntryFacts facts={entry.facts} say={log.fact} />,
    },
    { key: 'request', term: t('request'), value: entry.requestId },
    { key: 'before', term: t('before'), value: entry.beforeHash && <Hash of={toBase64(entry.beforeHash)} /> },
    { key: 'after', term: t('after'), value: entry.afterHash && <Hash of={toBase64(entry.afterHash)} /> },
    { key: 'version', term: t('version'), value: entry.v },
  ]
  return <SummaryList rows={rows.filter(({ value }) => value !== null && value !== '' && value !== false)} />
}

const hasFacts = (facts: unknown): boolean =>
  typeof facts === 'object' && facts !== null && Object.values(facts).some((value) => value !== null)

const Hash = ({ of }: { readonly of: string }) => <code className="text-xs break-all">{of}</code>

async function Proof({
  proof,
  leafHash,
}: {
  readonly proof: EntryProof
  readonly leafHash: SealedEntry['leafHash']
}) {
  const t = await getTranslations('audit.entry')
  return (
    <section className="stack">
      <h2>{t('proof')}</h2>
      <p className="text-soft">{t('how')}</p>
      <SummaryList
        rows={[
          { key: 'leaf', term: t('leafHash'), value: leafHash && <Hash of={toBase64(leafHash)} /> },
          { key: 'place', term: t('place'), value: <span className="num">{proof.index}</span> },
          { key: 'size', term: t('size'), value: <span className="num">{proof.size}</span> },
          { key: 'path', term: t('path'), value: <Hash of={proof.proof.join('\n')} /> },
          { key: 'checkpoint', term: t('checkpoint'), value: <Hash of={proof.checkpoint} /> },
        ]}
      />
    </section>
  )
}
