import { getLocale, getTranslations } from 'next-intl/server'
import { z } from 'zod'
import { Card } from '#components/ui/card.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { Imei } from '#components/ui/num.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { SummaryList } from '#components/ui/summary-list.tsx'
import { Table } from '#components/ui/table.tsx'
import { Time } from '#components/ui/time.tsx'
import {
  type Letter,
  type LetterLine,
  letterFor,
  letterIsVoid,
  letterLines,
} from '#features/exchange/letters/data.ts'
import { letterEntries, letterNumber, letterState } from '#features/exchange/letters/rules.ts'
import { failureOf } from '#features/exchange/orders/rules.ts'
import { LetterStateTag } from '#features/exchange/orders/state-tags.tsx'
import { notFoundPage } from '#http/not-found-page.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { may } from '#lib/access/roles.ts'
import { titled } from '#messages/page-title.ts'
import { HandOverPart, ReceivePart, RecordAnswer } from './parts.tsx'

export const access = 'order:read' satisfies Access

export const generateMetadata = titled('letters', 'one')

export default async function LetterPage({ params }: PageProps<'/[locale]/admin/orders/letters/[letter]'>) {
  const staff = await requireStaff(access)
  const id = z.uuid().safeParse((await params).letter)
  const letter = id.success ? await letterFor(staff, id.data) : null
  if (!letter) notFoundPage(await getLocale())
  const [t, lines, isVoid] = await Promise.all([
    getTranslations('letters'),
    letterLines(letter),
    letterIsVoid(letter),
  ])
  const unanswered = lines.filter(({ outcome }) => outcome === null).length
  const undone = lines.filter(({ outcome }) => outcome === 'rejected' || outcome === 'not_found')
  const standing = { ...letter, drawn: letter.pdfSha256 !== null, unanswered }
  const state = letterState(standing)
  const entries = may(staff.role, 'letter:manage')
    ? letterEntries({ ...standing, undone: undone.length })
    : []
  return (
    <div className="stack-l" data-letter={letter.id}>
      <PageHeader
        kicker={<Link href="/admin/orders/letters">{t('kicker', { carrier: letter.facts.addressee })}</Link>}
        title={letterNumber(letter)}
      >
        <p className="flex flex-wrap items-center gap-2" data-letter-state={state}>
          <LetterStateTag state={state} />
          {unanswered > 0 ? <span>{t('unanswered', { count: unanswered })}</span> : null}
        </p>
      </PageHeader>
      {isVoid ? (
        <div data-letter-void="">
          <Notice tone="bad" title={t('void_title')}>
            <p>{t('void_text', { carrier: letter.facts.addressee })}</p>
          </Notice>
        </div>
      ) : null}
      <Files letter={letter} />
      {entries.includes('hand') ? <HandOverPart letterId={letter.id} isVoid={isVoid} /> : null}
      {entries.includes('receive') ? <ReceivePart letterId={letter.id} /> : null}
      {entries.includes('answer') ? <RecordAnswer letterId={letter.id} lines={lines} /> : null}
      {entries.includes('correct') ? <RecordAnswer letterId={letter.id} lines={undone} corrects /> : null}
      <Facts letter={letter} />
      <Lines lines={lines} />
    </div>
  )
}

async function Files({ letter }: { readonly letter: Letter }) {
  const t = await getTranslations('letters')
  const link = (file: string, words: string, look: 'primary' | 'quiet') => (
    <a className="button" data-look={look} href={`/api/letters/${letter.id}/${file}`} download>
      {words}
    </a>
  )
  if (letter.pdfSha256 === null) {
    return (
      <Notice title={t('drawing_title')}>
        <p>{t('drawing_text')}</p>
      </Notice>
    )
  }
  return (
    <p className="flex flex-wrap gap-3">
      {link('letter.pdf', t('pdf'), letter.handedOn === null ? 'primary' : 'quiet')}
      {link('annex.csv', t('csv'), 'quiet')}
    </p>
  )
}

async function Facts({ letter }: { readonly letter: Letter }) {
  const t = await getTranslations('letters')
  const day = (date: string) => <Time at={new Date(date)} form="date" />
  const fact = (key: string, term: string, value: React.ReactNode) => ({ key, term, value })
  return (
    <Card>
      <h2>{t('facts')}</h2>
      <SummaryList
        rows={[
          fact('dated', t('dated'), <Time at={letter.madeAt} />),
          fact('span', t('span'), t('span_value', { first: letter.after + 1, last: letter.upTo })),
          fact('annex', t('annex_sha'), <code>{letter.annexSha256}</code>),
          ...(letter.pdfSha256 ? [fact('pdf', t('pdf_sha'), <code>{letter.pdfSha256}</code>)] : []),
          ...(letter.handedOn && letter.handedBy
            ? [
                fact(
                  'handed',
                  t('handed'),
                  <>
                    {day(letter.handedOn)}, {t(`ways.${letter.handedBy}`)}
                  </>,
                ),
              ]
            : []),
          ...(letter.receivedOn
            ? [
                fact(
                  'received',
                  t('received'),
                  <>
                    {day(letter.receivedOn)}
                    {letter.receivedAs ? `, ${letter.receivedAs}` : ''}
                  </>,
                ),
              ]
            : []),
        ]}
      />
    </Card>
  )
}

async function Lines({ lines }: { readonly lines: readonly LetterLine[] }) {
  const [t, of] = await Promise.all([getTranslations('letters'), getTranslations('exchange')])
  return (
    <Table
      caption={t('lines')}
      columns={[
        { head: t('imei'), cell: (line) => <Imei value={line.imei} /> },
        { head: t('seq'), cell: (line) => <span className="num">{String(line.seq)}</span> },
        {
          head: t('order'),
          cell: (line) => (
            <Link href={{ pathname: '/admin/orders/[order]', params: { order: line.orderId } }}>
              {of(`action.${line.action}`)}: {of(`reason.${line.reason}`)}
            </Link>
          ),
        },
        {
          head: t('result'),
          cell: (line) => (
            <span className="block">
              {of(`outcome.${line.outcome ?? 'none'}`)}
              {line.outcomeCode ? (
                <span className="block text-sm text-soft">{of(`code.${failureOf(line.outcomeCode)}`)}</span>
              ) : null}
            </span>
          ),
        },
        { head: t('at'), cell: (line) => line.outcomeAt && <Time at={line.outcomeAt} form="stamp" /> },
      ]}
      rows={lines}
      keyOf={(line) => String(line.seq)}
      marks={(line) => ({ 'data-line': Number(line.seq), 'data-outcome': line.outcome ?? 'none' })}
    />
  )
}
