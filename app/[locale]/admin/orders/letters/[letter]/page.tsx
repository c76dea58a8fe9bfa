import { getLocale, getTranslations } from 'next-intl/server'
import { z } from 'zod'
import { ActionForm } from '#components/form/action-form.tsx'
import { Checkbox, Select } from '#components/form/choices.tsx'
import { Field, HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
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
import { HANDOVERS, letterEntries, letterNumber, letterState } from '#features/exchange/letters/rules.ts'
import { ENTRY_OUTCOMES, failureOf, REJECTION_CODES } from '#features/exchange/orders/rules.ts'
import { LetterStateTag } from '#features/exchange/orders/state-tags.tsx'
import { notFoundPage } from '#http/not-found-page.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { may } from '#lib/access/roles.ts'
import { writeDay } from '#lib/written-day.ts'
import { titled } from '#messages/page-title.ts'
import { answerLetterAction, handOverAction, receiveLetterAction } from '../actions.ts'

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

const today = () => writeDay(new Date())

/** Renders a field for a typed day: a browser's date field uses the browser's own order of day and month. */
async function DayField({ name, label }: { readonly name: string; readonly label: string }) {
  const t = await getTranslations('letters')
  return <Field name={name} label={label} hint={t('day_hint')} inputMode="numeric" width="short" />
}

async function HandOverPart({
  letterId,
  isVoid,
}: {
  readonly letterId: string
  /** True if its lines may have reached the carrier in another way. */
  readonly isVoid: boolean
}) {
  const t = await getTranslations('letters')
  return (
    <Card>
      <h2>{t('hand_title')}</h2>
      <p>{t('hand_text')}</p>
      <ActionForm action={handOverAction} scope="hand" className="stack" initial={{ handedOn: today() }}>
        <HiddenField name="letterId" value={letterId} />
        <DayField name="handedOn" label={t('handed_on')} />
        <Select
          name="handedBy"
          label={t('handed_by')}
          placeholder=""
          options={HANDOVERS.map((value) => ({ value, label: t(`ways.${value}`) }))}
        />
        {isVoid ? <Checkbox name="handedMeant" value="yes" label={t('handed_meant')} /> : null}
        <SubmitButton look={isVoid ? 'quiet' : 'primary'}>{t('hand')}</SubmitButton>
      </ActionForm>
    </Card>
  )
}

async function ReceivePart({ letterId }: { readonly letterId: string }) {
  const t = await getTranslations('letters')
  return (
    <Card>
      <h2>{t('receive_title')}</h2>
      <p>{t('receive_text')}</p>
      <ActionForm
        action={receiveLetterAction}
        scope="receive"
        className="stack"
        initial={{ receivedOn: today() }}
      >
        <HiddenField name="letterId" value={letterId} />
        <DayField name="receivedOn" label={t('received_on')} />
        <Field name="receivedAs" label={t('received_as')} width="medium" optional />
        <SubmitButton look="quiet">{t('receive')}</SubmitButton>
      </ActionForm>
    </Card>
  )
}

/** Renders the form that records a carrier's answer, line by line or for all remaining lines at once. */
async function RecordAnswer({
  letterId,
  lines,
  corrects = false,
}: {
  readonly letterId: string
  readonly lines: readonly LetterLine[]
  /** True when all lines are answered and these were not done. */
  readonly corrects?: boolean
}) {
  const [t, of] = await Promise.all([getTranslations('letters'), getTranslations('exchange')])
  const open = lines.filter(({ outcome }) => outcome === null)
  const group = (label: string, some: readonly LetterLine[]) => ({
    label,
    options: some.map(({ seq, imei }) => ({
      value: String(seq),
      label: t('line_name', { seq: String(seq), imei }),
    })),
  })
  const all = { value: 'all', label: t('line_all', { count: open.length }) }
  const groups = [
    group(t('line_open'), open),
    group(
      t('line_done'),
      lines.filter(({ outcome }) => outcome !== null),
    ),
  ].filter(({ options }) => options.length > 0)
  return (
    <Card>
      <h2>{t(corrects ? 'correct_title' : 'answer_title')}</h2>
      <p>{t(corrects ? 'correct_text' : 'answer_text')}</p>
      <ActionForm
        action={answerLetterAction}
        scope="answer"
        className="stack"
        initial={{ answeredOn: today(), letterLine: open.length > 0 ? 'all' : '' }}
      >
        <HiddenField name="letterId" value={letterId} />
        <Select
          name="letterLine"
          label={t('line')}
          options={[open.length > 0 ? all : { value: '', label: '' }, ...groups]}
        />
        <Select
          name="letterOutcome"
          label={t('outcome')}
          placeholder=""
          options={ENTRY_OUTCOMES.map((value) => ({ value, label: of(`outcome.${value}`) }))}
        />
        <Select
          name="rejectionCode"
          label={t('code')}
          hint={t('code_hint')}
          placeholder={t('code_none')}
          options={REJECTION_CODES.map((value) => ({ value, label: t(`codes.${value}`) }))}
        />
        <DayField name="answeredOn" label={t('done_on')} />
        <SubmitButton look={open.length > 0 ? 'primary' : 'quiet'}>{t('answer')}</SubmitButton>
      </ActionForm>
    </Card>
  )
}
