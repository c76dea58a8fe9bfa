import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Field, HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { Imei } from '#components/ui/num.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { SummaryList } from '#components/ui/summary-list.tsx'
import { Tag } from '#components/ui/tag.tsx'
import { allUnits } from '#features/areas/data.ts'
import { type FoundFile, readFoundPhone } from '#features/cases/found/page-data.ts'
import { mayCollect } from '#features/cases/moves/rules.ts'
import { stateOf } from '#features/cases/record/state-rules.ts'
import { findSurrenderReceipt } from '#features/recovery/data.ts'
import { notFoundPage } from '#http/not-found-page.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { isUuid } from '#lib/uuid.ts'
import { formatInstant } from '#messages/dates.ts'
import { titled } from '#messages/page-title.ts'
import { nameStaff } from '../../name-of.ts'
import { closeUnclaimedAction, giveToHolderAction, returnPhoneAction } from '../actions.ts'
import { FoundTag } from '../found-tag.tsx'

export const access = 'found:manage' satisfies Access

export const generateMetadata = titled('found', 'one')

/** Results of acts that lead to this page. */
const SAID = ['handed_in', 'returned', 'closed', 'to_holder'] as const

export default async function FoundPhonePage({
  params,
  searchParams,
}: PageProps<'/[locale]/admin/found/[phone]'>) {
  const staff = await requireStaff(access)
  const [{ phone: id }, { done }, locale, t] = await Promise.all([
    params,
    searchParams,
    getLocale(),
    getTranslations('found'),
  ])
  const phone = isUuid(id) ? await readFoundPhone(staff, id) : null
  if (!phone) notFoundPage(locale)
  const receipt = await findSurrenderReceipt(staff, phone.id)
  const said = SAID.find((one) => one === done)
  return (
    <div className="stack-l" data-found={phone.imei} data-found-state={phone.state}>
      <PageHeader
        kicker={<Link href="/admin/found">{t('phone.back')}</Link>}
        title={<Imei value={phone.imei} />}
      >
        <p>
          {phone.toHolder ? <Tag tone="wait">{t('phone.forHolder')}</Tag> : <FoundTag state={phone.state} />}
        </p>
      </PageHeader>
      {said ? (
        <div role="status">
          <Notice tone="ok" title={t(`phone.${said}`)} />
        </div>
      ) : null}
      {receipt === null ? null : (
        <p className="actions">
          <a
            className="button"
            data-look={said === 'handed_in' ? undefined : 'quiet'}
            href={`/api/found/${phone.id}/receipt?lang=${locale}`}
            rel="nofollow"
            download
          >
            {t('phone.receipt')}
          </a>
        </p>
      )}
      <Facts phone={phone} />
      {phone.state === 'matched' ? (
        <Card>
          <h2>{t('phone.return')}</h2>
          {phone.case && mayCollect(phone.case) && phone.case.held === null ? (
            <>
              <p>{t('phone.returnText')}</p>
              <ActionForm action={returnPhoneAction} className="stack">
                <HiddenField name="phoneId" value={phone.id} />
                <Field name="nationalId" label={t('phone.nationalId')} width="medium" look="number" />
                <p className="actions">
                  <SubmitButton look={said === 'handed_in' ? 'quiet' : 'primary'}>
                    {t('phone.returnButton')}
                  </SubmitButton>
                </p>
              </ActionForm>
            </>
          ) : (
            <p data-return-waits>{t('phone.returnWaits')}</p>
          )}
        </Card>
      ) : null}
      {phone.toHolder ? (
        <Card>
          <h2>{t('phone.toHolder')}</h2>
          <p>{t('phone.toHolderText')}</p>
          <ActionForm action={giveToHolderAction} className="stack">
            <HiddenField name="phoneId" value={phone.id} />
            <Field name="nationalId" label={t('phone.nationalId')} width="medium" look="number" />
            <p className="actions">
              <SubmitButton>{t('phone.toHolderButton')}</SubmitButton>
            </p>
          </ActionForm>
        </Card>
      ) : null}
      {phone.state === 'found' ? (
        <Card>
          <h2>{t('phone.unclaimed')}</h2>
          <p>{t('phone.unclaimedText')}</p>
          <ActionForm action={closeUnclaimedAction} className="stack">
            <HiddenField name="phoneId" value={phone.id} />
            <p className="actions">
              <SubmitButton look="danger">{t('phone.unclaimedButton')}</SubmitButton>
            </p>
          </ActionForm>
        </Card>
      ) : null}
    </div>
  )
}

async function Facts({ phone }: { readonly phone: FoundFile }) {
  const [t, locale, areas] = await Promise.all([getTranslations('found'), getLocale(), allUnits()])
  const moment = (at: Date) => formatInstant(locale, at, 'moment')
  const of = phone.case
  const rows = [
    { key: 'foundOn', term: t('foundOn'), value: formatInstant(locale, phone.foundOn, 'date') },
    { key: 'foundPlace', term: t('foundPlace'), value: phone.place },
    { key: 'custody', term: t('custody'), value: phone.custody },
    { key: 'note', term: t('note'), value: phone.note },
    {
      key: 'case',
      term: t('case'),
      value: of
        ? `${of.number}, ${await nameStaff(areas, of.unitId)}`
        : phone.closedAt || phone.toHolder
          ? ''
          : t('phone.noCase'),
    },
    {
      key: 'told',
      term: t('phone.told'),
      value: phone.toldAt
        ? moment(phone.toldAt)
        : of && !phone.closedAt
          ? t(stateOf(of.state).owned ? 'phone.telling' : 'phone.notTold')
          : '',
    },
    { key: 'addedAt', term: t('addedAt'), value: moment(phone.addedAt) },
    { key: 'addedBy', term: t('phone.addedBy'), value: phone.addedBy ?? '' },
    { key: 'closedAt', term: t('phone.closedAt'), value: phone.closedAt ? moment(phone.closedAt) : '' },
    { key: 'closedBy', term: t('phone.closedBy'), value: phone.closedBy ?? '' },
  ]
  return (
    <Card>
      <SummaryList rows={rows.filter(({ value }) => value !== '')} />
    </Card>
  )
}
