import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { Table } from '#components/ui/table.tsx'
import { Time } from '#components/ui/time.tsx'
import type { Session } from '#features/accounts/sign-in/data.ts'

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
  return (
    <Table
      caption={t('sessions.list')}
      captionHidden
      columns={[
        { head: t('sessions.browser'), cell: nameOf },
        { head: t('sessions.started'), cell: ({ createdAt }) => <Time at={createdAt} form="stamp" /> },
        { head: t('sessions.seen'), cell: ({ lastSeenAt }) => <Time at={lastSeenAt} form="stamp" /> },
        act !== undefined && { head: t('sessions.act'), cell: (session) => act(session, nameOf(session)) },
      ]}
      rows={sessions}
      keyOf={({ id }) => id}
      marks={({ current }) => ({ 'data-session': current ? 'current' : 'other' })}
    />
  )
}
