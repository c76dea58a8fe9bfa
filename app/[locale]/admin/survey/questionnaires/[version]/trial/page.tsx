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
import { kindOf as questionKind } from '#features/questionnaires/questions/rules.ts'
import { trialDates, VersionTag } from '#features/questionnaires/versions/version-story.tsx'
import { readTrialPage, type TrialPage as Trial } from '#features/results/questions/data.ts'
import { OptionShare } from '#features/results/questions/question-table.tsx'
import type { ComparedQuestion } from '#features/results/questions/trial-rules.ts'
import { monthLabel, people, percent, points, writeFigure } from '#features/results/rules.ts'
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
      <Completion trial={trial} locale={locale} />
      <Compared trial={trial} locale={locale} />
      {trial.mayDecide && may(staff.role, 'survey:manage') ? <Decision trial={trial} /> : null}
      <p>
        <Link href={{ pathname: '/admin/survey/questionnaires/[version]', params: { version } }}>
          {t('back', { version: trial.version })}
        </Link>
      </p>
    </div>
  )
}

/**
 * Shows how many people answered each form: where the trial's share of the answers is below its share of the forms,
 * people gave up more often.
 */
async function Completion({ trial, locale }: { readonly trial: Trial; readonly locale: Locale }) {
  const t = await getTranslations('survey-questions.trialPage')
  const { answers, percent: share, months } = trial
  const both = answers.trial + answers.control
  const span = { first: monthLabel(locale, months.first), last: monthLabel(locale, months.last) }
  return (
    <section className="stack" aria-labelledby="answers">
      <h2 id="answers">{t('answers')}</h2>
      <Figures
        items={[
          { key: 'trial', value: people(locale, answers.trial), label: t('answersTrial') },
          { key: 'control', value: people(locale, answers.control), label: t('answersControl') },
          {
            key: 'share',
            value: both === 0 ? '–' : percent(locale, answers.trial / both),
            label: t('answersShare'),
            detail: t('answersExpected', { percent: share }),
          },
        ]}
      />
      <p className="max-w-measure text-soft">{t('answersText', span)}</p>
    </section>
  )
}

async function Compared({ trial, locale }: { readonly trial: Trial; readonly locale: Locale }) {
  const t = await getTranslations('survey-questions.trialPage')
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
          {
            head: t('trial'),
            align: 'end',
            cell: (one) => <Side one={one} tally={one.trial} of={trial.answers.trial} />,
          },
          {
            head: t('controlShort'),
            align: 'end',
            cell: (one) => <Side one={one} tally={one.control} of={trial.answers.control} />,
          },
          {
            head: t('difference'),
            align: 'end',
            cell: (one) => one.difference && <Difference one={one.difference} locale={locale} />,
          },
        ]}
        rows={trial.questions}
        keyOf={(one) => `${one.question.key} ${one.trial === null ? 'gone' : ''}`}
        marks={(one) => ({ 'data-question': one.question.key, 'data-same': String(one.same) })}
      />
      {trial.questions
        .filter(({ question }) => headlineOf(question) === null)
        .map((one) => (
          <Details key={one.question.key} summary={one.question[locale]}>
            <Options one={one} locale={locale} />
          </Details>
        ))}
    </section>
  )
}

const headlineOf = ({ kind }: ComparedQuestion['question']) => questionKind(kind).headline

const kindOf = ({ same, trial, control }: ComparedQuestion) => {
  if (control === null) return 'added'
  if (trial === null) return 'removed'
  return same ? 'same' : 'changed'
}

interface SideProps {
  readonly one: ComparedQuestion
  readonly tally: Tally | null
  /** The number of people who answered the version. */
  readonly of: number
}

async function Side({ one, tally, of }: SideProps) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('survey-questions.trialPage')])
  if (tally === null) return <span className="text-soft">{t('notAsked')}</span>
  if (tally.respondents === 0) return <span className="text-soft">{t('none')}</span>
  const headline = headlineOf(one.question)
  const share = headline?.of(tally)
  return (
    <span className="num">
      {headline && share ? (
        <>
          <b>{writeFigure(headline.written, locale, share.value)}</b>{' '}
          {writeFigure(headline.written, locale, share.low)}–
          {writeFigure(headline.written, locale, share.high)}
        </>
      ) : null}
      <small className="block whitespace-nowrap text-soft">
        {t('answered', {
          count: tally.respondents,
          share: percent(locale, of === 0 ? 0 : Math.min(1, tally.respondents / of)),
        })}
      </small>
    </span>
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

async function Options({ one, locale }: { readonly one: ComparedQuestion; readonly locale: Locale }) {
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
      <p className="text-soft">{t('decideText')}</p>
      <ActionForm action={decideAction} className="stack">
        <HiddenField name="version" value={String(trial.version)} />
        <Radios
          name="decision"
          label={t('decision')}
          options={(['adopt', 'drop'] as const).map((value) => ({
            value,
            label: t(value, { version: trial.version }),
          }))}
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
