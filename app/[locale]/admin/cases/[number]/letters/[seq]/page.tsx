import type { Metadata } from 'next'
import { getLocale, getTranslations } from 'next-intl/server'
import { letterForPolice } from '#app/api/decision-letter.ts'
import { ActionForm } from '#components/form/action-form.tsx'
import { Radios } from '#components/form/choices.tsx'
import { HiddenField, TextArea } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { type CaseFileView, readCaseFile } from '#features/cases/file/page-data.ts'
import type { DecisionLetterWords } from '#features/cases/paper/decision-letter.ts'
import { notFoundPage } from '#http/not-found-page.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { formatInstant } from '#messages/dates.ts'
import { languageOf } from '#messages/ready-text.ts'
import { MayDecide } from '../../../../may-decide.tsx'
import { serveLetterAction } from './actions.ts'

export const access = 'case:read' satisfies Access

export async function generateMetadata({
  params,
}: PageProps<'/[locale]/admin/cases/[number]/letters/[seq]'>): Promise<Metadata> {
  const [{ number }, t] = await Promise.all([params, getTranslations('decision-letter.page')])
  return { title: `${t('title')} ${decodeURIComponent(number)}` }
}

export default async function DecisionLetterPage({
  params,
  searchParams,
}: PageProps<'/[locale]/admin/cases/[number]/letters/[seq]'>) {
  const staff = await requireStaff(access)
  const [{ number, seq }, sent, locale, t] = await Promise.all([
    params,
    searchParams,
    getLocale(),
    getTranslations('decision-letter.page'),
  ])
  const now = new Date()
  const view = await readCaseFile(staff, decodeURIComponent(number), now)
  const letter = view && (await letterForPolice(view, Number(seq), languageOf(view.locale), now))
  if (!view || !letter) notFoundPage(locale)
  const { served, words } = letter
  const opened = view.openUntil !== null
  const caseNumber = view.snapshot.number
  return (
    <div className="stack">
      <div className="print-hidden stack">
        <p>
          <Link href={{ pathname: '/admin/cases/[number]', params: { number: caseNumber } }}>
            {t('back')}
          </Link>
        </p>
        {sent.done === 'served' ? (
          <div role="status">
            <Notice tone="ok" title={t('done')} />
          </div>
        ) : null}
        {opened ? (
          <p className="flex flex-wrap items-baseline gap-x-6 gap-y-1">
            <a
              className="button"
              data-look="quiet"
              data-size="small"
              href={`/api/cases/${caseNumber}/letters/${seq}`}
              download
            >
              <Icon name="download" />
              {t('pdf')}
            </a>
            <span className="text-soft">{t('how')}</span>
          </p>
        ) : (
          <Notice tone="info" title={t('closed')}>
            <p>
              <Link href={{ pathname: '/admin/cases/[number]', params: { number: caseNumber } }}>
                {t('open')}
              </Link>
            </p>
          </Notice>
        )}
      </div>
      {opened ? <Letter words={words} /> : null}
      <section className="card stack print-hidden" data-served={served?.outcome ?? 'no'}>
        <h2>{t('serve')}</h2>
        {served ? (
          <p>{t(`served_${served.outcome}`, { at: formatInstant(locale, served.servedAt, 'moment') })}</p>
        ) : (
          <MayDecide>
            <ServeForm view={view} seq={Number(seq)} />
          </MayDecide>
        )}
      </section>
    </div>
  )
}

async function ServeForm({ view, seq }: { readonly view: CaseFileView; readonly seq: number }) {
  const t = await getTranslations('decision-letter.page')
  const { number, version, unheardSeq } = view.snapshot
  const begins = unheardSeq !== null && seq >= unheardSeq
  return (
    <ActionForm action={serveLetterAction} scope="serve" className="stack">
      <HiddenField name="number" value={number} />
      <HiddenField name="version" value={String(version)} />
      <HiddenField name="decisionSeq" value={String(seq)} />
      <p className="text-sm text-soft">{t('serve_text', { clock: begins ? 'yes' : 'no' })}</p>
      <Radios
        name="outcome"
        label={t('outcome')}
        options={(['signed', 'refused'] as const).map((value) => ({ value, label: t(value) }))}
      />
      <TextArea name="reason" label={t('reason')} hint={t('reason_hint')} rows={2} optional />
      <p className="actions">
        <SubmitButton>{t('button')}</SubmitButton>
      </p>
    </ActionForm>
  )
}

const Letter = ({ words }: { readonly words: DecisionLetterWords }) => (
  <article className="sheet" data-decision-letter>
    <header>
      <div className="sheet-office">
        {[words.office, words.nation].map(([first, second]) => (
          <p key={first}>
            {first}
            <b>{second}</b>
          </p>
        ))}
      </div>
      <h1>{words.title}</h1>
      <p className="sheet-printed">{words.subtitle}</p>
    </header>
    <dl>
      {words.facts.map(([term, value]) => (
        <div key={term} className="grid">
          <dt>{term}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
    {words.sections.map(({ title, lines }) => (
      <section key={title}>
        <h2>{title}</h2>
        {lines.map((line) => (
          <p key={line}>{line}</p>
        ))}
      </section>
    ))}
    <p className="sheet-printed">{words.foot}</p>
    <section>
      <h2>{words.receipt.title}</h2>
      {words.receipt.lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
      <div className="sheet-signatures">
        {words.receipt.signatures.map((who) => (
          <div key={who}>
            <b>{who}</b>
            <p>{words.receipt.sign}</p>
          </div>
        ))}
      </div>
    </section>
  </article>
)
