import { getLocale, getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { ActionForm } from '#components/form/action-form.tsx'
import { Radios, Select } from '#components/form/choices.tsx'
import { Field, HiddenField, TextArea } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Table } from '#components/ui/table.tsx'
import { Tag } from '#components/ui/tag.tsx'
import { AbsenceForm } from '#features/accounts/absences/absence-form.tsx'
import { listOwnAbsences } from '#features/accounts/absences/data.ts'
import { NewPassword } from '#features/accounts/factors/factor-parts.tsx'
import { readMailPreferences } from '#features/accounts/preferences/data.ts'
import { choicesFor, defaultMailChoice } from '#features/accounts/preferences/rules.ts'
import { listSessions, type Session } from '#features/accounts/sign-in/data.ts'
import { readOwnWork } from '#features/cases/board/page-data.ts'
import { listSnippets } from '#features/cases/snippets/data.ts'
import { kindsOf } from '#features/tasks/rules.ts'
import { requireStaff, sessionSecret } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { formatDate } from '#messages/dates.ts'
import { titled } from '#messages/page-title.ts'
import { StepUpField } from '../step-up-field.tsx'
import {
  changePasswordAction,
  endOthersAction,
  endOwnAbsenceAction,
  endSessionAction,
  markOwnAbsenceAction,
  setDensityAction,
  setKeysAction,
  setMailAction,
} from './actions.ts'
import { Part } from './part.tsx'
import { Passkeys } from './passkeys.tsx'
import { SessionTable } from './session-table.tsx'
import { dropSnippetAction, keepSnippetAction } from './snippet-actions.ts'

export const access = 'signed in' satisfies Access

export const generateMetadata = titled('my-account', 'title')

/** The part of the page that each result belongs to; it is open when the result is shown. */
const PART_OF = {
  password: 'password',
  ended: 'sessions',
  others: 'sessions',
  keys: 'keys',
  mail: 'mail',
  absent: 'absence',
  present: 'absence',
  passkey: 'passkeys',
  no_passkey: 'passkeys',
  density: 'density',
  snippet_kept: 'snippets',
  snippet_dropped: 'snippets',
} as const
type Done = keyof typeof PART_OF

const isDone = (value: unknown): value is Done => typeof value === 'string' && Object.hasOwn(PART_OF, value)

export default async function MyAccountPage({ searchParams }: PageProps<'/[locale]/admin/my-account'>) {
  const staff = await requireStaff()
  const [t, { done, passkey }] = await Promise.all([getTranslations('my-account'), searchParams])
  const said = isDone(done) ? done : null
  const shown = said === null ? null : PART_OF[said]
  return (
    <div className="stack-l max-w-measure">
      <PageHeader title={t('title')} lead={t('lead', { email: staff.email })} />
      {said === null ? null : (
        <div role="status">
          <Notice tone="ok" title={t(`done.${said}`)} />
        </div>
      )}
      <Group title={t('group.sign_in')}>
        <Sessions staff={staff} open={shown === 'sessions'} />
        <Passkeys
          staff={staff}
          open={shown === 'passkeys'}
          remove={typeof passkey === 'string' ? passkey : null}
        />
        <Part part="password" title={t('password.title')} note={t('password.does')}>
          <PasswordForm email={staff.email} />
        </Part>
      </Group>
      <Group title={t('group.work')}>
        <OwnAbsences staff={staff} open={shown === 'absence'} />
        {may(staff.role, 'case:decide') ? <OwnSnippets staff={staff} open={shown === 'snippets'} /> : null}
        <OwnWork staff={staff} />
      </Group>
      <Group title={t('group.display')}>
        <MailChoices staff={staff} open={shown === 'mail'} />
        <Part
          part="keys"
          title={t('keys.title')}
          note={t(`keys.${staff.keysOn ? 'on' : 'off'}`)}
          open={shown === 'keys'}
        >
          <p>{t('keys.lead')}</p>
          <ActionForm action={setKeysAction} scope="keys" initial={{ keys: staff.keysOn ? 'on' : 'off' }}>
            <Radios
              name="keys"
              label={t('keys.ask')}
              row
              options={(['on', 'off'] as const).map((value) => ({ value, label: t(`keys.${value}`) }))}
            />
            <p className="actions">
              <SubmitButton look="quiet">{t('keys.submit')}</SubmitButton>
            </p>
          </ActionForm>
        </Part>
        <Part
          part="density"
          title={t('density.title')}
          note={t(`density.${staff.roomy ? 'roomy' : 'compact'}`)}
          open={shown === 'density'}
        >
          <p>{t('density.lead')}</p>
          <ActionForm
            action={setDensityAction}
            scope="density"
            initial={{ density: staff.roomy ? 'roomy' : 'compact' }}
          >
            <Radios
              name="density"
              label={t('density.ask')}
              row
              options={(['compact', 'roomy'] as const).map((value) => ({
                value,
                label: t(`density.${value}`),
              }))}
            />
            <p className="actions">
              <SubmitButton look="quiet">{t('keys.submit')}</SubmitButton>
            </p>
          </ActionForm>
        </Part>
      </Group>
    </div>
  )
}

interface PartProps {
  readonly staff: StaffActor
  readonly open: boolean
}

/** Renders a group of parts; hidden for a role that has none of them. */
function Group({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="stack has-[>.folds:empty]:hidden">
      <h2>{title}</h2>
      <div className="folds">{children}</div>
    </section>
  )
}

async function Sessions({ staff, open }: PartProps) {
  const [t, token] = await Promise.all([getTranslations('my-account.sessions'), sessionSecret()])
  const sessions = await listSessions(staff, staff.id, token, new Date())
  const others = sessions.filter(({ current }) => !current).length
  return (
    <Part part="sessions" title={t('title')} note={t('note', { count: others })} open={open}>
      <p>{t('lead')}</p>
      <SessionTable sessions={sessions} act={(session, name) => <End session={session} name={name} />} />
      {others > 0 ? (
        <ActionForm action={endOthersAction} scope="others" className="">
          <SubmitButton look="quiet">{t('end_others')}</SubmitButton>
        </ActionForm>
      ) : null}
    </Part>
  )
}

async function OwnSnippets({ staff, open }: PartProps) {
  const [t, kept] = await Promise.all([getTranslations('my-account.snippets'), listSnippets(staff)])
  return (
    <Part part="snippets" title={t('title')} note={t('note', { count: kept.length })} open={open}>
      <p>{t('lead')}</p>
      <ul className="stack">
        {kept.map(({ id, text }) => (
          <li key={id} className="flex items-start justify-between gap-4">
            <span className="wrap-anywhere whitespace-pre-line">{text}</span>
            <ActionForm action={dropSnippetAction} scope={`drop-${id}`} className="">
              <HiddenField name="snippetId" value={id} />
              <SubmitButton look="plain" size="small">
                {t('drop')}
              </SubmitButton>
            </ActionForm>
          </li>
        ))}
      </ul>
      <ActionForm action={keepSnippetAction} scope="snippet" className="stack">
        <TextArea name="snippet" label={t('text')} hint={t('hint')} rows={2} />
        <p className="actions">
          <SubmitButton look="quiet">{t('keep')}</SubmitButton>
        </p>
      </ActionForm>
    </Part>
  )
}

/** Shows police staff the figures counted about their own work, and who sees them (ADR 78). */
async function OwnWork({ staff }: Pick<PartProps, 'staff'>) {
  const [t, own] = await Promise.all([getTranslations('unit'), readOwnWork(staff, 30, new Date())])
  if (own === null) return null
  const { load, work } = own
  const { counts: c } = work
  const of = (part: number, other: number) =>
    part + other === 0 ? '–' : t('work.of', { part, all: part + other })
  const rows = {
    open: load.open,
    overdue: load.overdue,
    first: of(c.first_on_time, c.first_late),
    decided: of(c.decided_on_time, c.decided_late),
    asked: c.asked_more,
    rejected: c.rejected,
    sent_back: c.sent_back,
    quick: of(c.quick, c.on_proof - c.quick),
    appeals: of(c.appeal_upheld, c.appeal_refused),
  } as const
  return (
    <Part part="work" title={t('own.title')} note={t('own.note')}>
      <p>{t(staff.role === 'city_police' ? 'own.text_city' : 'own.text')}</p>
      <Table
        caption={t('own.caption')}
        captionHidden
        phone="scroll"
        columns={[
          { head: t('own.what'), cell: (key) => t(`own.${key}`) },
          { head: t('own.count'), align: 'end', cell: (key) => rows[key] },
        ]}
        rows={Object.keys(rows) as (keyof typeof rows)[]}
        keyOf={(key) => key}
        marks={(key) => ({ 'data-own': key, 'data-count': rows[key] })}
      />
    </Part>
  )
}

async function OwnAbsences({ staff, open }: PartProps) {
  const [t, lang, absences] = await Promise.all([
    getTranslations('unit.absence'),
    getLocale(),
    listOwnAbsences(staff, new Date()),
  ])
  if (absences === null) return null
  const [next] = absences
  const locale = lang === 'en' ? 'en' : 'vi'
  const note = next
    ? t('days', { from: formatDate(locale, next.from), until: formatDate(locale, next.until) })
    : t('none')
  return (
    <Part part="absence" title={t('title')} note={note} open={open || next !== undefined}>
      <p>{t('text')}</p>
      <AbsenceForm
        mark={markOwnAbsenceAction}
        end={endOwnAbsenceAction}
        accountId={staff.id}
        absences={absences}
      />
    </Part>
  )
}

async function End({ session, name }: { readonly session: Session; readonly name: string }) {
  const t = await getTranslations('my-account.sessions')
  if (session.current) return <Tag>{t('current')}</Tag>
  return (
    <ActionForm action={endSessionAction} scope={`session-${session.id}`} className="">
      <HiddenField name="sessionId" value={session.id} />
      <SubmitButton look="quiet" size="small">
        {t('end')}
        <span className="sr-only"> {name}</span>
      </SubmitButton>
    </ActionForm>
  )
}

const HOURS = Array.from({ length: 24 }, (_, hour) => String(hour))

async function MailChoices({ staff, open }: PartProps) {
  const kinds = kindsOf(staff)
  if (kinds.length === 0) return null
  const [t, tasks, { choices, quietFrom, quietUntil }] = await Promise.all([
    getTranslations('my-account.mail'),
    getTranslations('tasks.kind'),
    readMailPreferences(staff),
  ])
  const hours = HOURS.map((hour) => ({ value: hour, label: t('hour', { hour }) }))
  const chosen = kinds.map((kind) => [`mail-${kind}`, choices[kind] ?? defaultMailChoice(kind)] as const)
  const initial = {
    ...Object.fromEntries(chosen),
    quietFrom: quietFrom === null ? '' : String(quietFrom),
    quietUntil: quietUntil === null ? '' : String(quietUntil),
  }
  return (
    <Part part="mail" title={t('title')} note={t('note')} open={open}>
      <p>{t('lead')}</p>
      <ActionForm action={setMailAction} scope="mail" className="stack" initial={initial}>
        <div className="grid items-end gap-3 sm:grid-cols-2">
          {kinds.map((kind) => (
            <Select
              key={kind}
              name={`mail-${kind}`}
              label={tasks(kind)}
              options={choicesFor(kind).map((value) => ({ value, label: t(value) }))}
            />
          ))}
          <Select name="quietFrom" label={t('quietFrom')} placeholder={t('no_quiet')} options={hours} />
          <Select name="quietUntil" label={t('quietUntil')} placeholder={t('no_quiet')} options={hours} />
        </div>
        <p className="actions">
          <SubmitButton look="quiet">{t('submit')}</SubmitButton>
        </p>
      </ActionForm>
    </Part>
  )
}

async function PasswordForm({ email }: { readonly email: string }) {
  const [t, hint] = await Promise.all([getTranslations('my-account.password'), getTranslations('sign-in')])
  return (
    <ActionForm action={changePasswordAction} scope="password">
      {/* Tells a password manager whose password changes. */}
      <input type="hidden" autoComplete="username" defaultValue={email} />
      <Field
        name="currentPassword"
        label={t('current')}
        type="password"
        autoComplete="current-password"
        width="medium"
      />
      <NewPassword label={t('new')} hint={hint('invitation.hint')} again={t('again')} />
      <StepUpField kind="always" />
      <p className="actions">
        <SubmitButton>{t('submit')}</SubmitButton>
      </p>
    </ActionForm>
  )
}
