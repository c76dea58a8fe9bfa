import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { Table } from '#components/ui/table.tsx'
import { Time } from '#components/ui/time.tsx'
import type { Session } from '#features/accounts/queries.ts'

/** Renders the live sessions of one account; `act` is what can be done with each. */
export async function SessionTable({
  sessions,
  act,
}: {
  readonly sessions: readonly Session[]
  readonly act?: (session: Session, name: string) => ReactNode
}) {
  const t = await getTranslations('my-account')
  if (sessions.length === 0) return <p>{t('sessions.none')}</p>
  const nameOf = ({ browser }: Session) => {
    const [program, system] = browser.split(' ') as ['other', 'other']
    return t('sessions.on', { browser: t(`browser.${program}`), system: t(`system.${system}`) })
  }
  const columns = ['browser', 'started', 'seen', ...(act ? ['act'] : [])] as 'browser'[]
  return (
    <Table
      caption={t('sessions.list')}
      captionHidden
      columns={columns.map((key) => ({ key, label: t(`sessions.${key}`) }))}
      rows={sessions.map((session) => ({
        key: session.id,
        marks: { 'data-session': session.current ? 'current' : 'other' },
        cells: {
          browser: nameOf(session),
          started: <Time at={session.createdAt} form="stamp" />,
          seen: <Time at={session.lastSeenAt} form="stamp" />,
          act: act?.(session, nameOf(session)),
        },
      }))}
    />
  )
}
