import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Notice } from '#components/ui/notice.tsx'
import type { FormAction } from '#lib/form-state.ts'
import { formatInstant } from '#messages/dates.ts'
import type { SharedWith } from './rules.ts'

/**
 * Renders, for police, the chosen banks and wallets whose alerts wait for a look at the number, and those that say that the
 * number is not the person's.
 */
export async function SharingFlags({
  number,
  shared,
  allow,
  wroteDown,
}: {
  readonly number: string
  readonly shared: readonly SharedWith[]
  /** Null for a reader who may not release alerts. */
  readonly allow: FormAction | null
  /** The reader wrote the wish down at the desk, so another officer releases the alerts. */
  readonly wroteDown: boolean
}) {
  const [t, locale] = await Promise.all([getTranslations('alerts.desk'), getLocale()])
  const waiting = shared.filter(({ state }) => state === 'waiting')
  const denied = shared.filter(({ state }) => state === 'ended')
  const line = ({ receiverId, name, number: phone }: SharedWith) => (
    <li key={receiverId} data-receiver={receiverId}>
      {name}: <span className="num">{phone}</span>
    </li>
  )
  return (
    <>
      {denied.length === 0 ? null : (
        <Notice title={t('denied')}>
          <div data-not-subscriber>
            <ul>
              {denied.map((one) => (
                <li key={one.receiverId} data-receiver={one.receiverId}>
                  {one.name}: <span className="num">{one.number}</span>,{' '}
                  {formatInstant(locale, one.at, 'moment')}
                </li>
              ))}
            </ul>
            <p>{t('deniedText')}</p>
          </div>
        </Notice>
      )}
      {waiting.length === 0 ? null : (
        <Notice tone="info" title={t('waiting')}>
          <div className="stack" data-alerts-wait>
            <ul>{waiting.map(line)}</ul>
            <p>{t('waitingText')}</p>
            {allow !== null && wroteDown ? <p>{t('wroteDown')}</p> : null}
            {allow === null || wroteDown ? null : (
              <ActionForm action={allow} scope="allow-alerts" className="">
                <HiddenField name="number" value={number} />
                <SubmitButton look="quiet" size="small">
                  {t('allow')}
                </SubmitButton>
              </ActionForm>
            )}
          </div>
        </Notice>
      )}
    </>
  )
}
