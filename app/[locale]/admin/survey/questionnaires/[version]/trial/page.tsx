import type { Metadata } from 'next'
import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Radios } from '#components/form/choices.tsx'
import { HiddenField, TextArea } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Details } from '#components/ui/details.tsx'
import { Figures } from '#components/ui/figures.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Table } from '#components/ui/table.tsx'
import type { Question } from '#features/questionnaires/questions/rules.ts'
import { trialDates, VersionTag } from '#features/questionnaires/versions/version-story.tsx'
import { readTrialPage, type TrialPage as Trial } from '#features/results/questions/data.ts'
import { OptionShare } from '#features/results/questions/question-table.tsx'
import type { ComparedQuestion, TrialFigures } from '#features/results/questions/trial-rules.ts'
import { people, points } from '#features/results/rules.ts'
import { chosen, type Tally } from '#features/results/tally-rules.ts'
import { notFoundPage } from '#http/not-found-page.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { may } from '#lib/access/roles.ts'
import { MIN_COMPARED } from '#lib/statistics/groups.ts'
import type { Locale } from '#messages/routing.ts'
import { decideAction } from '../../actions.ts'

export const access = 'survey:read' satisfies Access

export async function generateMetadata({
  params,
}: PageProps<'/[locale]/admin/survey/questionnaires/[version]/trial'>): Promise<Metadata> {
  const [t, { version }] = await Promise.all([getTranslations('survey-questions.trialPage'), params])
  return { title: t('title', { version }) }
}

export default async function TrialPage({
  params,
}: PageProps<'/[locale]/admin/survey/questionnaires/[version]/trial'>) {
  const staff = await requireStaff(access)
  const [locale, t, results, { version }] = await Promise.all([
    getLocale(),
    getTranslations('survey-questions.trialPage'),
    getTranslations('results.versions'),
    params,
  ])
  const trial = /^\d{1,6}$/.test(version) ? await readTrialPage(staff, Number(version), new Date()) : null
  if (trial === null) notFoundPage(locale)
  const decision = locale === 'vi' ? trial.decisionVi : trial.decisionEn
  return (
    <div className="stack-l" data-trial={trial.version}>
      <PageHeader
        title={t('title', { version: trial.version })}
        lead={`${results('trialDates', trialDates(trial, locale))} ${t('control', { version: trial.control })}`}
      >
        <p>
          <VersionTag state={trial.state} trialPercent={trial.percent} />
        </p>
      </PageHeader>
      {decision === null ? null : (
        <Notice title={t(trial.adopted ? 'adopted' : 'dropped')}>
          <p className="whitespace-pre-line">{decision}</p>
        </Notice>
      )}
      <p className="max-w-measure">
        {trial.size === null ? t('unplanned') : t('plan', { size: trial.size, points: trial.points ?? 0 })}
      </p>
      {trial.figures === null ? (
        <Notice>
          <p>
            {trial.mayDecide && trial.size !== null
              ? t('waiting', { tried: trial.tried, size: trial.size })
              : t('stopped')}
          </p>
        </Notice>
      ) : (
        <>
          <Completion figures={trial.figures} locale={locale} />
          <Compared trial={trial} figures={trial.figures} locale={locale} />
        </>
      )}
      {trial.mayDecide && may(staff.role, 'survey:manage') ? <Decision trial={trial} /> : null}
      <p>
        <Link href={{ pathname: '/admin/survey/questionnaires/[version]', params: { version } }}>
          {t('back', { version: trial.version })}
        </Link>
      </p>
    </div>
  )
}

/** Shows the share of forms that came back, by version; the smaller it is, the more people gave up. */
async function Completion({ figures, locale }: { readonly figures: TrialFigures; readonly locale: Locale }) {
  const t = await getTranslations('survey-questions.trialPage')
  const { answers, forms } = figures
  return (
    <section className="stack" aria-labelledby="answers">
      <h2 id="answers">{t('answers')}</h2>
      <Figures
        items={(['trial', 'control'] as const).map((side) => ({
          key: side,
          value: people(locale, answers[side]),
          label: t(side === 'trial' ? 'answersTrial' : 'answersControl'),
          detail: t('forms', { forms: forms[side] }),
        }))}
      />
      <p className="max-w-measure text-soft">{t('answersText', { agencies: figures.agencies })}</p>
    </section>
  )
}

async function Compared({
  trial,
  figures,
  locale,
}: {
  readonly trial: Trial
  readonly figures: TrialFigures
  readonly locale: Locale
}) {
  const t = await getTranslations('survey-questions.trialPage')
  const rows = figures.questions.flatMap((one) => {
    const question = trial.questions.get(one.key)
    return question ? [{ ...one, question }] : []
  })
  const side = (tally: Tally | null) =>
    tally === null ? <span className="text-soft">{t('notAsked')}</span> : <Side tally={tally} />
  return (
    <section className="stack" aria-labelledby="compared">
      <h2 id="compared">{t('questions')}</h2>
      <p className="max-w-measure text-soft">{t('questionsText')}</p>
      <Table
        caption={t('questions')}
        captionHidden
        phone="scroll"
        columns={[
          {
            head: t('question'),
            cell: (one) => (
              <>
                {one.question[locale]} <span className="text-soft">({t(`kind.${kindOf(one)}`)})</span>
              </>
            ),
          },
          { head: t('trial'), align: 'end', cell: (one) => side(one.trial) },
          { head: t('controlShort'), align: 'end', cell: (one) => side(one.control) },
          {
            head: t('difference'),
            align: 'end',
            cell: (one) => one.difference && <Difference one={one.difference} locale={locale} />,
          },
        ]}
        rows={rows}
        keyOf={({ key }) => key}
        marks={({ key, same }) => ({ 'data-question': key, 'data-same': String(same) })}
      />
      {rows.map((one) => (
        <Details key={one.key} summary={one.question[locale]}>
          <Options one={one} locale={locale} />
        </Details>
      ))}
    </section>
  )
}

const kindOf = ({ same, trial, control }: ComparedQuestion) => {
  if (control === null) return 'added'
  if (trial === null) return 'removed'
  return same ? 'same' : 'changed'
}

async function Side({ tally }: { readonly tally: Tally }) {
  const t = await getTranslations('survey-questions.trialPage')
  return tally.respondents === 0 ? (
    <span className="text-soft">{t('none')}</span>
  ) : (
    <span className="num">{t('people', { count: tally.respondents })}</span>
  )
}

async function Difference({
  one,
  locale,
}: {
  readonly one: NonNullable<ComparedQuestion['difference']>
  readonly locale: Locale
}) {
  const t = await getTranslations('survey-questions.trialPage')
  const sure = one.low > 0 || one.high < 0
  return (
    <span className="num">
      {sure ? <b>{points(locale, one.value)}</b> : points(locale, one.value)}
      <small className="block whitespace-nowrap text-soft">
        {t('between', { low: points(locale, one.low), high: points(locale, one.high) })}
      </small>
    </span>
  )
}

type Shown = ComparedQuestion & { readonly question: Question }

async function Options({ one, locale }: { readonly one: Shown; readonly locale: Locale }) {
  const t = await getTranslations('survey-questions.trialPage')
  const cell = (tally: Tally | null, code: string) => {
    const told = tally && chosen(tally, code)
    return told && <OptionShare chosen={told} few={(tally?.respondents ?? 0) < MIN_COMPARED} />
  }
  return (
    <Table
      caption={one.question[locale]}
      captionHidden
      columns={[
        { head: t('option'), cell: (option) => option[locale] },
        { head: t('trial'), align: 'end', cell: ({ code }) => cell(one.trial, code) },
        { head: t('controlShort'), align: 'end', cell: ({ code }) => cell(one.control, code) },
      ]}
      rows={one.question.options}
      keyOf={({ code }) => code}
    />
  )
}

async function Decision({ trial }: { readonly trial: Trial }) {
  const t = await getTranslations('survey-questions.trialPage')
  return (
    <Card>
      <h2>{t('decide')}</h2>
      <p className="text-soft">{t(trial.figures === null ? 'stopText' : 'decideText')}</p>
      <ActionForm action={decideAction} className="stack">
        <HiddenField name="version" value={String(trial.version)} />
        <Radios
          name="decision"
          label={t('decision')}
          options={(trial.figures === null ? (['drop'] as const) : (['adopt', 'drop'] as const)).map(
            (value) => ({
              value,
              label: t(value, { version: trial.version }),
            }),
          )}
        />
        <TextArea name="decisionVi" label={t('decisionVi')} hint={t('decisionHint')} rows={3} />
        <TextArea name="decisionEn" label={t('decisionEn')} rows={3} />
        <p className="actions">
          <SubmitButton>{t('send')}</SubmitButton>
        </p>
      </ActionForm>
    </Card>
  )
}
