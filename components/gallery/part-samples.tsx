import { Button, ButtonLink } from '#components/ui/button.tsx'
import { Card, Door } from '#components/ui/card.tsx'
import { Details } from '#components/ui/details.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Figures } from '#components/ui/figures.tsx'
import { Icon, type IconName } from '#components/ui/icon.tsx'
import { iconPaths } from '#components/ui/icon-paths.ts'
import { Notice } from '#components/ui/notice.tsx'
import { imeiGroups, Num } from '#components/ui/num.tsx'
import { Pagination } from '#components/ui/pagination.tsx'
import { QrCode } from '#components/ui/qr-code.tsx'
import { Steps } from '#components/ui/steps.tsx'
import { SummaryList } from '#components/ui/summary-list.tsx'
import { Table } from '#components/ui/table.tsx'
import { Tabs } from '#components/ui/tabs.tsx'
import { Tag } from '#components/ui/tag.tsx'
import { Time } from '#components/ui/time.tsx'
import { Timeline } from '#components/ui/timeline.tsx'
import { GallerySample } from './sample.tsx'

const at = new Date('2026-11-24T03:40:00Z')

const carriers = [
  ['viettel', 'Viettel', 'ok', 'applied'],
  ['vinaphone', 'VinaPhone', 'neutral', 'acknowledged'],
  ['mobifone', 'MobiFone', 'wait', 'sent'],
  ['gmobile', 'Gmobile', 'bad', 'failed'],
] as const

export function PartSamples() {
  return (
    <>
      <GallerySample name="Button, ButtonLink">
        <p className="actions">
          <Button type="button">Primary</Button>
          <Button type="button" look="quiet" icon="download">
            Quiet
          </Button>
          <Button type="button" look="danger">
            Danger
          </Button>
          <ButtonLink href="/help" look="plain">
            Plain
          </ButtonLink>
          <Button type="button" size="small">
            Small
          </Button>
        </p>
      </GallerySample>
      <GallerySample name="Tag">
        <p className="flex max-w-none flex-wrap gap-2">
          <Tag tone="ok">Done</Tag>
          <Tag tone="wait">Waiting</Tag>
          <Tag tone="bad">Failed</Tag>
          <Tag>Neutral</Tag>
          <Tag tone="plain">Plain</Tag>
        </p>
      </GallerySample>
      <GallerySample name="Notice">
        <Notice title="Wait">
          <p>Asks for attention.</p>
        </Notice>
        <Notice tone="info">
          <p>Explains.</p>
        </Notice>
        <Notice tone="ok" title="Done" />
        <Notice tone="bad" title="Refused">
          <p>And why.</p>
        </Notice>
      </GallerySample>
      <GallerySample name="Card, Door">
        <div className="grid gap-4 md:grid-cols-2">
          <Card>
            <h3>Card</h3>
            <p>A framed part of a page.</p>
          </Card>
          <Door href="/check" title="Door" icon="search">
            The whole card leads there.
          </Door>
        </div>
      </GallerySample>
      <GallerySample name="Steps">
        <Steps current={1} total={6} name="First" />
        <Steps current={3} total={6} name="Middle" />
        <Steps current={3} total={6} name="Between" between />
        <Steps current={6} total={6} name="Last" />
      </GallerySample>
      <GallerySample name="Num, Time">
        <p>
          <Num value="352987065816623" groups={imeiGroups} copy />
        </p>
        <p>
          <Num value="ABC-7K3Q-9XWD-4" /> · <Time at={at} /> · <Time at={at} form="date" /> ·{' '}
          <Time at={at} form="time" />
        </p>
      </GallerySample>
      <GallerySample name="SummaryList">
        <SummaryList
          rows={[
            { key: 'phone', term: 'Phone', value: 'Samsung Galaxy A54' },
            {
              key: 'story',
              term: 'Story',
              value: 'Two lines,\nas they were written.',
            },
            { key: 'fixed', term: 'Fixed', value: 'Cannot be changed' },
          ]}
        />
      </GallerySample>
      <GallerySample name="Timeline">
        <Timeline
          entries={[
            { key: 'next', title: 'Still to come', when: 'next' },
            { key: 'now', title: 'Going on', when: 'now', at, children: <p>Who has it, and until when.</p> },
            { key: 'done', title: 'Happened', when: 'done', at, children: <p>In a sentence.</p> },
            { key: 'first', title: 'Happened first', when: 'done', at },
          ]}
        />
      </GallerySample>
      <GallerySample name="Table">
        <Table
          caption="Carriers"
          columns={[
            { head: 'Carrier', cell: ([, name]) => name },
            { head: 'State', cell: ([, , tone, state]) => <Tag tone={tone}>{state}</Tag> },
            { head: 'Note', cell: () => null },
            { head: 'At', align: 'end', cell: () => <Time at={at} form="time" /> },
          ]}
          rows={carriers}
          keyOf={([id]) => id}
          marks={([id, , , state]) => ({ 'data-carrier': id, 'data-carrier-state': state })}
        />
      </GallerySample>
      <GallerySample name="Figures">
        <Figures
          items={[
            { key: 'late', value: 3, label: 'overdue', tone: 'bad' },
            { key: 'today', value: 12, label: 'due today' },
            { key: 'half', value: '71 h', label: 'half are decided faster' },
          ]}
        />
      </GallerySample>
      <GallerySample name="Tabs, Pagination, EmptyState">
        <Tabs
          label="Views"
          tabs={[
            { key: 'all', href: '/help', label: 'All', count: 38, current: true },
            { key: 'mine', href: '/privacy', label: 'Mine', count: 6, current: false },
          ]}
        />
        <EmptyState title="Nothing here">
          <p>Why, and what can be done.</p>
        </EmptyState>
        <Pagination previous="/help" next="/privacy" />
      </GallerySample>
      <GallerySample name="Details">
        <Details summary="Beside a field">
          <p>Help that stays folded.</p>
        </Details>
        <Details summary="One of a list of questions" look="row" open>
          <p>An answer.</p>
        </Details>
      </GallerySample>
      <GallerySample name="QrCode">
        <QrCode value="https://antam.example/ho-so" label="A link" />
      </GallerySample>
      <GallerySample name="Icon">
        <ul className="grid grid-cols-[repeat(auto-fill,minmax(7rem,1fr))] gap-3 text-sm">
          {(Object.keys(iconPaths) as IconName[]).map((name) => (
            <li key={name} className="flex items-center gap-2">
              <Icon name={name} /> {name}
            </li>
          ))}
        </ul>
      </GallerySample>
    </>
  )
}
